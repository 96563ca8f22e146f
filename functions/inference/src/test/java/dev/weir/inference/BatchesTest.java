package dev.weir.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.inference.Batches.Asked;
import dev.weir.inference.Batches.Lane;
import dev.weir.inference.Batches.Part;
import dev.weir.inference.Batches.Piece;
import dev.weir.model.EmbeddingCall;
import dev.weir.model.EmbeddingClient.Reply;
import dev.weir.model.Fault;
import dev.weir.route.Deadline;
import dev.weir.route.EmbeddingFamily;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class BatchesTest {

  private static final ScheduledExecutorService SCHEDULER =
      Executors.newScheduledThreadPool(1, Thread.ofPlatform().daemon().factory());
  private static final Executor EXECUTOR =
      Executors.newFixedThreadPool(4, Thread.ofVirtual().factory());
  private static final Duration WINDOW = Duration.ofMillis(400);
  private static final Lane LANE = lane("m");

  private final List<EmbeddingCall> asked = new CopyOnWriteArrayList<>();

  @AfterAll
  static void stop() {
    SCHEDULER.shutdownNow();
  }

  private static Lane lane(String model) {
    return new Lane(
        new EmbeddingCall(model, EmbeddingFamily.COHERE_V4, List.of(), 2, Optional.empty()));
  }

  private static Piece piece(int millis, String... texts) {
    long[] bounds = new long[texts.length];
    Arrays.fill(bounds, 10);
    Clock clock = Clock.systemUTC();
    Duration time = Duration.ofMillis(millis);
    return new Piece(
        List.of(texts), bounds, new Deadline(clock.millis() + millis, time, time, clock));
  }

  private static Piece piece(String... texts) {
    return piece(20_000, texts);
  }

  private Batches batches(Duration window, Batches.Target target) {
    return new Batches(
        (call, deadline) -> {
          asked.add(call);
          return target.ask(call, deadline);
        },
        window,
        SCHEDULER,
        EXECUTOR);
  }

  /** A vector that says which text it is of; {@code tokens} for the whole request. */
  private static Batches.Target says(long tokens) {
    return (call, deadline) ->
        new Asked(
            new Reply.Vectors(
                call.texts().stream().map(text -> new float[] {text.hashCode(), 0}).toList(),
                OptionalLong.of(tokens)),
            1);
  }

  private static Part got(Piece piece) throws Exception {
    return piece.done().get(20, TimeUnit.SECONDS);
  }

  private static void isItsOwn(Piece piece, String... texts) throws Exception {
    assertThat(((Reply.Vectors) got(piece).reply()).vectors())
        .extracting(vector -> vector[0])
        .containsExactlyElementsOf(
            Arrays.stream(texts).map(text -> (float) text.hashCode()).toList());
  }

  @Test
  void without_a_window_nothing_waits_for_anything() throws Exception {
    Batches batches = batches(Duration.ZERO, says(10));
    Piece one = piece("a");
    Piece two = piece("b");
    batches.submit(LANE, one);
    batches.submit(LANE, two);

    isItsOwn(one, "a");
    isItsOwn(two, "b");
    assertThat(asked).hasSize(2);
  }

  @Test
  void within_the_window_several_calls_share_a_request_and_get_their_own() throws Exception {
    Batches batches = batches(WINDOW, says(7));
    Piece one = piece("a", "b");
    Piece two = piece("c");
    batches.submit(LANE, one);
    batches.submit(LANE, two);

    isItsOwn(one, "a", "b");
    isItsOwn(two, "c");
    assertThat(asked)
        .singleElement()
        .satisfies(call -> assertThat(call.texts()).containsExactly("a", "b", "c"));
    assertThat(Arrays.stream(got(one).tokens()).sum() + Arrays.stream(got(two).tokens()).sum())
        .isEqualTo(7);
  }

  @Test
  void only_texts_of_one_model_and_length_share() throws Exception {
    Batches batches = batches(WINDOW, says(7));
    Piece one = piece("a");
    Piece two = piece("b");
    batches.submit(LANE, one);
    batches.submit(lane("n"), two);

    got(one);
    got(two);
    assertThat(asked).hasSize(2);
  }

  @Test
  void a_request_never_holds_more_than_the_model_takes() throws Exception {
    Batches batches = batches(WINDOW, says(500));
    List<Piece> pieces = new ArrayList<>();
    Random random = new Random(5);
    for (int i = 0; i < 40; i++) {
      String[] texts = new String[1 + random.nextInt(96)];
      Arrays.setAll(texts, k -> "text " + k);
      Piece piece = piece(texts);
      pieces.add(piece);
      batches.submit(LANE, piece);
    }

    for (Piece piece : pieces) {
      assertThat(((Reply.Vectors) got(piece).reply()).vectors()).hasSize(piece.size());
    }
    assertThat(asked).allSatisfy(call -> assertThat(call.texts().size()).isLessThanOrEqualTo(96));
    assertThat(asked.stream().mapToInt(call -> call.texts().size()).sum())
        .isEqualTo(pieces.stream().mapToInt(Piece::size).sum());
  }

  @Test
  void what_is_wrong_with_one_calls_text_fails_no_other() throws Exception {
    Batches batches =
        batches(
            WINDOW,
            (call, deadline) ->
                call.texts().contains("bad")
                    ? new Asked(
                        new Reply.Failed(Fault.of(Fault.Kind.INVALID, "ValidationException")), 1)
                    : says(4).ask(call, deadline));
    Piece good = piece("good");
    Piece bad = piece("fine", "bad");
    batches.submit(LANE, good);
    batches.submit(LANE, bad);

    isItsOwn(good, "good");
    assertThat(got(bad).reply()).isInstanceOf(Reply.Failed.class);
    assertThat(asked).hasSize(3);
  }

  @Test
  void an_overloaded_model_is_not_asked_again_for_each_call() throws Exception {
    Batches batches =
        batches(
            WINDOW,
            (call, deadline) ->
                new Asked(new Reply.Failed(Fault.of(Fault.Kind.THROTTLED, "Throttling")), 1));
    Piece one = piece("a");
    Piece two = piece("b");
    batches.submit(LANE, one);
    batches.submit(LANE, two);

    assertThat(got(one).reply()).isInstanceOf(Reply.Failed.class);
    assertThat(got(two).reply()).isInstanceOf(Reply.Failed.class);
    assertThat(asked).hasSize(1);
  }

  @Test
  void what_is_taken_back_in_time_is_not_asked_for() throws Exception {
    Batches batches = batches(WINDOW, says(3));
    Piece gone = piece("gone");
    Piece stays = piece("stays");
    batches.submit(LANE, gone);
    batches.submit(LANE, stays);

    assertThat(gone.withdraw()).isTrue();
    isItsOwn(stays, "stays");
    assertThat(asked.getFirst().texts()).containsExactly("stays");
    assertThat(stays.withdraw()).isFalse();
  }

  @Test
  void a_call_with_little_time_does_not_cut_short_one_with_more() throws Exception {
    List<Duration> left = new CopyOnWriteArrayList<>();
    Batches batches =
        batches(
            WINDOW,
            (call, deadline) -> {
              left.add(deadline.remaining());
              return says(3).ask(call, deadline);
            });
    Piece hurried = piece(1_000, "a");
    Piece patient = piece(20_000, "b");
    batches.submit(LANE, hurried);
    batches.submit(LANE, patient);

    got(patient);
    assertThat(left.getFirst()).isGreaterThan(Duration.ofSeconds(5));
  }

  @Test
  void a_target_that_throws_ends_every_wait() {
    Batches batches =
        batches(
            Duration.ZERO,
            (call, deadline) -> {
              throw new IllegalStateException("a bug");
            });
    Piece piece = piece("a");
    batches.submit(LANE, piece);

    assertThat(piece.done())
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableOfType(ExecutionException.class)
        .withMessageContaining("a bug");
  }
}
