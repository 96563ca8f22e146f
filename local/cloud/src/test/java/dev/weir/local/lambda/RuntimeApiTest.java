package dev.weir.local.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.local.http.HttpServer;
import dev.weir.local.template.FunctionSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Runtime API as a runtime sees it, byte for byte, with no process behind it. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RuntimeApiTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private final Environment environment;
  private final Function function;
  private final HttpServer server;

  RuntimeApiTest() throws IOException {
    var spec =
        new FunctionSpec(
            "F", "h", Duration.ofSeconds(20), 128, Path.of("."), List.of(), Map.of(), false);
    function = new Function(spec, 1, this::environment);
    environment = new Environment(function, 4, timers, InstantSource.system());
    server = new HttpServer(0, new RuntimeApi(environment));
  }

  private Environment environment(Function owner) {
    return environment;
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    timers.shutdownNow();
  }

  private Invocation place(String id) {
    var invocation = new Invocation(id, "Root=1", "{}".getBytes(UTF_8));
    function.place(invocation);
    return invocation;
  }

  /** One connection of a runtime. */
  private final class Runtime implements AutoCloseable {
    private final Socket socket = new Socket("127.0.0.1", server.port());
    private final BufferedReader in =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));

    Runtime() throws IOException {}

    Runtime asksForNext() throws IOException {
      return sends("GET /2018-06-01/runtime/invocation/next HTTP/1.1\n\n");
    }

    Runtime sends(String request) throws IOException {
      socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(UTF_8));
      return this;
    }

    Runtime posts(String path, String body) throws IOException {
      return sends(
          "POST /2018-06-01/runtime/%s HTTP/1.1\nContent-Length: %d\n\n%s"
              .formatted(path, body.length(), body));
    }

    /** The status line of the next answer and the event's id, if any; its body is skipped. */
    String hears() throws IOException {
      var heard = new StringBuilder(line());
      int length = 0;
      for (var line = line(); !line.isEmpty(); line = line()) {
        var value = line.substring(line.indexOf(':') + 2);
        if (line.startsWith("Lambda-Runtime-Aws-Request-Id")) {
          heard.append(value);
        }
        if (line.startsWith("Content-Length")) {
          length = Integer.parseInt(value);
        }
      }
      for (int i = 0; i < length; i++) {
        in.read();
      }
      return heard.toString();
    }

    private String line() throws IOException {
      var line = in.readLine();
      if (line == null) {
        throw new IOException("the connection ended");
      }
      return line;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void a_result_posted_whole_is_the_outcome() throws Exception {
    var invocation = place("r1");
    try (var runtime = new Runtime()) {
      assertThat(runtime.asksForNext().hears()).isEqualTo("HTTP/1.1 200 r1");
      assertThat(runtime.posts("invocation/r1/response", "done").hears()).contains("202");
    }

    assertThat(invocation.await(PATIENCE))
        .isInstanceOfSatisfying(
            Outcome.Buffered.class,
            it -> assertThat(new String(it.result(), UTF_8)).isEqualTo("done"));
  }

  @Test
  void a_streamed_result_tells_by_its_trailers_that_it_failed() throws Exception {
    var invocation = place("r1");
    try (var runtime = new Runtime()) {
      runtime.asksForNext().hears();
      runtime.sends(
          "POST /2018-06-01/runtime/invocation/r1/response HTTP/1.1\n"
              + "Lambda-Runtime-Function-Response-Mode: streaming\nTransfer-Encoding: chunked\n\n"
              + "4\nhalf\n0\nLambda-Runtime-Function-Error-Type: X\n\n");
      var result = ((Outcome.Streamed) invocation.await(PATIENCE)).result();

      assertThat(new String(result.bytes().readAllBytes(), UTF_8)).isEqualTo("half");
      assertThat(result.isFailed()).isTrue();
      result.close();
      assertThat(runtime.hears()).contains("202");
    }
  }

  @Test
  void a_reported_error_is_the_outcome() throws Exception {
    var invocation = place("r1");
    try (var runtime = new Runtime()) {
      runtime.asksForNext().hears();
      runtime.posts("invocation/r1/error", "{\"errorMessage\":\"bad\"}").hears();
    }

    assertThat(invocation.await(PATIENCE)).isEqualTo(new Outcome.Failed("Unhandled", "bad"));
  }

  @Test
  void an_event_handed_to_a_connection_that_ends_fails_at_once() throws Exception {
    var invocation = place("r1");
    try (var runtime = new Runtime()) {
      runtime.asksForNext().hears();
    }

    assertThat(invocation.await(PATIENCE)).isInstanceOf(Outcome.Failed.class);
    assertThat(environment.inFlight()).isZero();
  }

  @Test
  void a_connection_lost_while_it_waits_swallows_no_event() throws Exception {
    try (var lost = new Runtime()) {
      lost.asksForNext();
      await().until(() -> environment.status().state().equals("READY"));
    }
    try (var runtime = new Runtime()) {
      Thread.startVirtualThread(() -> answerAll(runtime));
      // The end of the lost connection may be noticed only when the first event goes out on it.
      place("r0").await(PATIENCE);
      for (int i = 1; i < 4; i++) {
        assertThat(place("r" + i).await(PATIENCE)).isInstanceOf(Outcome.Buffered.class);
      }
    }
  }

  private static void answerAll(Runtime runtime) {
    try {
      while (true) {
        var heard = runtime.asksForNext().hears();
        var id = heard.substring(heard.lastIndexOf(' ') + 1);
        runtime.posts("invocation/" + id + "/response", "x").hears();
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  @Test
  void a_runtime_that_asks_for_more_without_a_result_has_failed() throws Exception {
    var first = place("r1");
    place("r2");
    try (var runtime = new Runtime()) {
      runtime.asksForNext().hears();
      assertThat(runtime.asksForNext().hears()).endsWith("r2");
    }

    assertThat(first.await(PATIENCE)).isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void an_init_error_fails_what_waits() throws Exception {
    var invocation = place("r1");
    try (var runtime = new Runtime()) {
      runtime.posts("init/error", "no table").hears();
    }

    assertThat(invocation.await(PATIENCE))
        .isEqualTo(new Outcome.Failed("Runtime.ExitError", "no table"));
  }

  @Test
  void a_whole_result_above_6_megabytes_is_refused() throws Exception {
    var invocation = place("r1");
    try (var runtime = new Runtime()) {
      runtime.asksForNext().hears();
      var large = "x".repeat(Lambda.PAYLOAD_LIMIT + 1);
      assertThat(runtime.posts("invocation/r1/response", large).hears()).contains("413");
    }

    assertThat(invocation.await(PATIENCE)).isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void a_result_for_an_unknown_event_is_refused() throws Exception {
    try (var runtime = new Runtime()) {
      assertThat(runtime.posts("invocation/r9/response", "x").hears()).contains("404");
    }
  }
}
