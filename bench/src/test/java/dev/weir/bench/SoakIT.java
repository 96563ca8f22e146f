package dev.weir.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bench.Stack.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Many calls through one environment of the chat function, {@code soak.calls}, and a tenth as many
 * through one of the embeddings function, once what there is to fill has been filled.
 */
class SoakIT {
  private static final int CALLS = Integer.getInteger("soak.calls", 10_000);
  private static final int MARKS = 5;
  private static final int AT_ONCE = 16;
  private static final int COUNTED = 1_000;
  private static final int FILLING = 1_000;

  /**
   * What four fifths of the calls may add, in bytes. Views grow by up to 350 KiB until their minute
   * is full; an entry of a map that grows by each call takes 100 bytes and more.
   */
  private static final long GROWTH = 768 * 1024;

  /** One of each call in flight to each of three services, and idle ones. */
  private static final int SOCKETS = 5 * AT_ONCE;

  private static Stack stack;
  private static InstantStore store;
  private static final List<SoakMark> CHAT = new ArrayList<>();
  private static final List<SoakMark> EMBEDDINGS = new ArrayList<>();
  private static final Map<String, LongAdder> OUTCOMES = new ConcurrentHashMap<>();
  private static Map<String, Long> ofPlainCalls = Map.of();

  @BeforeAll
  static void soak() throws Exception {
    Path root = Path.of("..").toRealPath();
    stack = new Stack(root, Files.createTempDirectory(Path.of("target").toRealPath(), "soak"));
    store = new InstantStore();
    SoakMix mix = new SoakMix(store);
    Map<String, String> settings = Map.of("WEIR_SLOT_SECONDS", "10");
    try (FunctionEnvironment chat = stack.chat(Start.SNAP_START, store.url(), AT_ONCE, settings)) {
      chat.restore();
      run(chat, 0, SoakMix.RARE, mix::rare);
      soak("chat", chat, CHAT, CALLS, mix::ask);
      Map<String, Long> before = store.operations();
      run(chat, 0, COUNTED, number -> new SoakMix.Ask(SoakMix.Kind.PLAIN, mix.plain(number)));
      ofPlainCalls = difference(before, store.operations());
    }
    settings = Map.of("WEIR_SLOT_SECONDS", "10", "WEIR_EMBEDDING_WINDOW_MS", "10");
    try (FunctionEnvironment vectors = stack.embeddings(store.url(), AT_ONCE, settings)) {
      vectors.restore();
      run(vectors, CALLS, CALLS + FILLING, mix::embedded);
      soak("embeddings", vectors, EMBEDDINGS, CALLS / 10, mix::embedded);
    }
    System.out.println("soak: " + OUTCOMES);
    System.out.println("soak: " + store.operations());
    System.out.println("soak: of %d plain calls %s".formatted(COUNTED, ofPlainCalls));
  }

  private static void soak(
      String name,
      FunctionEnvironment environment,
      List<SoakMark> marks,
      int calls,
      IntFunction<SoakMix.Ask> mix)
      throws Exception {
    LiveHeap.of(environment.pid()); // its first look starts a thread
    int each = calls / MARKS;
    for (int done = 0; done < calls; done += each) {
      run(environment, done, done + each, mix);
      marks.add(SoakMark.at(done + each, environment.pid()));
      System.out.println("soak: " + name + ", " + marks.getLast().text());
    }
    System.out.printf("soak: %s, %.1f CPU-s%n", name, environment.cpuSeconds());
  }

  @AfterAll
  static void close() throws IOException {
    store.close();
    stack.close();
  }

  private static void run(
      FunctionEnvironment environment, int from, int to, IntFunction<SoakMix.Ask> mix)
      throws Exception {
    AtomicInteger next = new AtomicInteger(from);
    try (ExecutorService callers = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        all.add(
            callers.submit(() -> {
              for (int number = next.getAndIncrement();
                  number < to;
                  number = next.getAndIncrement()) {
                call(environment, mix.apply(number));
              }
            }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
  }

  private static void call(FunctionEnvironment environment, SoakMix.Ask ask) {
    Call call = environment.call(ask.event());
    if (!ask.kind().mayBe(call.status())) {
      throw new AssertionError(ask.kind() + ": " + call.prelude());
    }
    String outcome = ask.kind() + " " + call.status() + " " + call.header("x-weir-cache");
    OUTCOMES.computeIfAbsent(outcome, _ -> new LongAdder()).increment();
  }

  private static Map<String, Long> difference(Map<String, Long> before, Map<String, Long> after) {
    Map<String, Long> difference = new HashMap<>();
    after.forEach((name, count) -> difference.put(name, count - before.getOrDefault(name, 0L)));
    return difference;
  }

  @ParameterizedTest
  @MethodSource("environments")
  void the_heap_stays_as_large_as_it_was_after_a_fifth_of_the_calls(List<SoakMark> marks) {
    assertThat(marks.getLast().heap().bytes() - marks.getFirst().heap().bytes())
        .as("%s", marks.stream().map(SoakMark::text).toList())
        .isLessThan(GROWTH);
  }

  @ParameterizedTest
  @MethodSource("environments")
  void nothing_of_a_call_outlives_it(List<SoakMark> marks) {
    Map<String, Long> before = marks.getFirst().heap().instances();
    assertThat(ours(marks.getLast()))
        .allSatisfy((name, count) ->
            assertThat(count)
                .as(name)
                .isLessThanOrEqualTo(before.getOrDefault(name, 0L) + AT_ONCE));
  }

  @Test
  void the_heartbeat_of_a_stream_ends_with_it() {
    assertThat(CHAT)
        .allSatisfy(mark -> assertThat(mark.heap().of("stream.SseWriter")).isLessThan(AT_ONCE));
  }

  @ParameterizedTest
  @MethodSource("environments")
  void threads_and_sockets_do_not_grow(List<SoakMark> marks) {
    assertThat(marks.getLast().threads()).isLessThanOrEqualTo(marks.getFirst().threads() + 2);
    assertThat(marks).allSatisfy(mark -> assertThat(mark.sockets()).isLessThan(SOCKETS));
  }

  private static Stream<Named<List<SoakMark>>> environments() {
    return Stream.of(Named.of("chat", CHAT), Named.of("embeddings", EMBEDDINGS));
  }

  @Test
  void every_cache_is_full_and_keeps_its_bound() {
    assertThat(CHAT)
        .allSatisfy(mark -> {
          assertThat(mark.heap().of("admission.View")).isBetween(1_024L, 1_024L + AT_ONCE);
          assertThat(mark.heap().of("audit.Writer")).isEqualTo(256);
          assertThat(mark.heap().of("audit.Segment")).isLessThanOrEqualTo(256);
        });
  }

  @Test
  void no_call_scans_or_queries() {
    assertThat(store.operations().keySet())
        .noneMatch(name -> name.startsWith("Query") || name.startsWith("Scan"));
  }

  @Test
  void a_plain_call_is_three_operations_with_its_audit_entry() {
    assertThat(ofPlainCalls).containsEntry("UpdateItem tenants", 2L * COUNTED);
    // A segment is a thousand entries long; then its end, the next one's link and the head.
    assertThat(ofPlainCalls.getOrDefault("PutItem ledger", 0L))
        .isBetween((long) COUNTED, COUNTED + 2L);
    long all = ofPlainCalls.values().stream().mapToLong(Long::longValue).sum();
    assertThat(all - 3L * COUNTED).as("%s", ofPlainCalls).isLessThan(20);
  }

  @Test
  void the_mix_was_what_it_says() {
    assertThat(OUTCOMES.entrySet().stream().map(each -> each.getKey()))
        .contains("SHARED 200 hit", "UNIQUE 200 miss", "SIMILAR 200 similar", "REFUSED 429 ")
        .contains(
            "REPEATED 200 ",
            "STREAMED 200 off",
            "GUARDED 200 off",
            "BLOCKED 400 ",
            "EMBEDDED 200 hit");
    assertThat(OUTCOMES.values().stream().mapToLong(LongAdder::sum).sum())
        .isEqualTo(SoakMix.RARE + CALLS + COUNTED + FILLING + CALLS / 10L);
  }

  private static Map<String, Long> ours(SoakMark mark) {
    return mark.heap().instances().entrySet().stream()
        .filter(each -> each.getKey().startsWith("dev.weir."))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
