package dev.weir.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.api.client.runtimeapi.JniHelper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.crac.Core;
import org.crac.Resource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class StreamingRuntimeTest {
  private final FakeRuntimeApi api;

  StreamingRuntimeTest() throws IOException {
    api = new FakeRuntimeApi();
  }

  @AfterEach
  void stop() throws IOException {
    api.close();
  }

  /** The official client would unpack its library to one fixed file that all users share. */
  @BeforeAll
  static void unpackNativeLibrary(@TempDir Path folder) throws IOException {
    var file = folder.resolve("jni.so");
    try (var library =
        requireNonNull(Core.class.getResourceAsStream("/jni/libaws-lambda-jni.linux-x86_64.so"))) {
      Files.copy(library, file);
    }
    System.setProperty(JniHelper.class.getPackageName() + ".NativeClient.JNI", file.toString());
  }

  private StreamingRuntime runtime(Map<String, String> settings) {
    var environment = new HashMap<>(settings);
    environment.put("AWS_LAMBDA_RUNTIME_API", api.endpoint());
    return new StreamingRuntime(environment, InstantSource.system());
  }

  private void start(Class<?> handler, Map<String, String> settings) {
    Thread.startVirtualThread(() -> {
      try {
        runtime(settings).run(handler.getName());
      } catch (Throwable e) {
        // The test ends the Runtime API, which ends the loop.
      }
    });
  }

  /** Answers only when four calls are inside at once. */
  public static final class Meeting implements RequestStreamHandler {
    private final CyclicBarrier four = new CyclicBarrier(4);

    @Override
    public void handleRequest(InputStream event, OutputStream output, Context context)
        throws IOException {
      try {
        four.await(10, TimeUnit.SECONDS);
      } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
        throw new IOException(e);
      }
      output.write('x');
    }
  }

  @Test
  void as_many_events_are_served_at_once_as_the_environment_allows() throws Exception {
    for (int i = 0; i < 4; i++) {
      api.offer("r" + i, "{}");
    }
    start(Meeting.class, Map.of("AWS_LAMBDA_MAX_CONCURRENCY", "4"));

    for (int i = 0; i < 4; i++) {
      assertThat(api.posted().body()).isEqualTo("x");
    }
  }

  /** Fails while it is made. */
  public static final class Broken implements RequestStreamHandler {
    public Broken() {
      throw new IllegalStateException("no table");
    }

    @Override
    public void handleRequest(InputStream event, OutputStream output, Context context) {}
  }

  @Test
  void a_handler_that_cannot_be_made_is_an_init_error() throws Exception {
    assertThatThrownBy(() -> runtime(Map.of()).run(Broken.class.getName())).isNotNull();

    var posted = api.posted();
    assertThat(posted.path()).isEqualTo("/2018-06-01/runtime/init/error");
    assertThat(posted.body()).contains("\"errorMessage\":\"no table\"");
  }

  @Test
  void an_unknown_class_is_an_init_error() throws Exception {
    assertThatThrownBy(() -> runtime(Map.of()).run("no.such.Handler::handleRequest")).isNotNull();

    assertThat(api.posted().body()).contains("java.lang.ClassNotFoundException");
  }

  /** Not a stream handler. */
  public static final class Pojo implements RequestHandler<String, String> {
    @Override
    public String handleRequest(String event, Context context) {
      return event;
    }
  }

  @Test
  void another_kind_of_handler_is_left_to_the_official_client() throws Throwable {
    assertThat(runtime(Map.of()).run(Pojo.class.getName())).isFalse();
    assertThat(api.paths()).isEmpty();
  }

  /** Registers hooks as a product's handler does, through {@code org.crac}. */
  public static class Primed implements RequestStreamHandler, Resource {
    private final List<String> calls = new CopyOnWriteArrayList<>();

    public Primed() {
      Core.getGlobalContext().register(this);
    }

    @Override
    public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
      calls.add("before");
    }

    @Override
    public void afterRestore(org.crac.Context<? extends Resource> context) throws Exception {
      calls.add("after");
    }

    @Override
    public void handleRequest(InputStream event, OutputStream output, Context context)
        throws IOException {
      output.write(String.join(",", calls).getBytes(UTF_8));
    }
  }

  /** Fails after its first restore; the context is one for all tests of this JVM. */
  public static final class Unrestorable extends Primed {
    private boolean failed;

    @Override
    public void afterRestore(org.crac.Context<? extends Resource> context) throws Exception {
      if (!failed) {
        failed = true;
        throw new IllegalStateException("stale clock");
      }
    }
  }

  @Test
  void hooks_run_round_the_restore_before_the_first_event() throws Exception {
    Snapshot.connectHooks();
    api.offer("r1", "{}");
    start(Primed.class, Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start"));

    assertThat(api.posted().body()).isEqualTo("before,after");
    assertThat(api.paths())
        .startsWith("/2018-06-01/runtime/restore/next", "/2018-06-01/runtime/invocation/next");
  }

  @Test
  void a_hook_that_fails_after_the_restore_is_a_restore_error() throws Exception {
    Snapshot.connectHooks();
    var settings = Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
    assertThatThrownBy(() -> runtime(settings).run(Unrestorable.class.getName())).isNotNull();

    var posted = api.posted();
    assertThat(posted.path()).isEqualTo("/2018-06-01/runtime/restore/error");
    assertThat(posted.body()).contains("stale clock");
  }
}
