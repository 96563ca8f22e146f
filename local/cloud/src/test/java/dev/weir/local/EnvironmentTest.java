package dev.weir.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of calls when environments are killed, frozen, slow or many. */
@Timeout(60)
final class EnvironmentTest {
  private static final String FUNCTION = "StreamFunction";

  private Stack stack;

  @TempDir Path signals = Path.of("");

  EnvironmentTest() throws IOException {
    stack = new Stack(Stack.options());
  }

  @AfterEach
  void stop() throws IOException {
    stack.close();
  }

  private void restart(Options options) throws IOException {
    stack.close();
    stack = new Stack(options);
  }

  private void control(String action) throws Exception {
    var response = stack.post("/_local/environments/" + FUNCTION + "/" + action, "");
    assertThat(response.statusCode()).isEqualTo(200);
  }

  @Test
  void a_hundred_calls_are_inside_at_once() throws Exception {
    var signal = signals.resolve("go");
    var calls =
        IntStream.range(0, 100).mapToObj(_ -> stack.later("/stream", "silent " + signal)).toList();
    await().until(() -> stack.inFlight(FUNCTION) == 100);
    Files.createFile(signal);

    assertThat(calls).allMatch(call -> call.join().body().equals("done"));
    assertThat(stack.environments(FUNCTION)).isEqualTo(2);
    await().until(() -> stack.inFlight(FUNCTION) == 0);
  }

  @Test
  void calls_beyond_all_environments_wait_for_their_turn() throws Exception {
    restart(Stack.options().withEnvironments(1, 1));
    var signal = signals.resolve("go");
    var first = stack.later("/stream", "silent " + signal);
    await().until(() -> stack.inFlight(FUNCTION) == 1);
    var second = stack.later("/stream", "event");
    Files.createFile(signal);

    assertThat(first.join().body()).isEqualTo("done");
    assertThat(second.join().statusCode()).isEqualTo(200);
    assertThat(stack.environments(FUNCTION)).isEqualTo(1);
  }

  @Test
  void a_killed_environment_fails_its_call_cleanly_and_the_next_call_works() throws Exception {
    var lost = stack.later("/stream", "silent " + signals.resolve("never"));
    await().until(() -> Files.exists(signals.resolve("never-begun")));
    control("kill");

    assertThat(lost.join().statusCode()).isEqualTo(502);
    assertThat(stack.post("/stream", "event").statusCode()).isEqualTo(200);
  }

  @Test
  void a_process_killed_from_outside_swallows_no_later_event() throws Exception {
    for (int i = 0; i < 3; i++) {
      var pid = stack.post("/stream", "event").headers().firstValueAsLong("x-pid").orElseThrow();
      var process = ProcessHandle.of(pid).orElseThrow();
      process.destroyForcibly();
      process.onExit().join();

      assertThat(stack.post("/stream", "event").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void a_frozen_environment_keeps_its_call_and_gets_no_other() throws Exception {
    var signal = signals.resolve("go");
    var held = stack.later("/stream", "silent " + signal);
    await().until(() -> Files.exists(signals.resolve("go-begun")));
    control("freeze");
    Files.createFile(signal);

    assertThat(stack.post("/stream", "event").statusCode()).isEqualTo(200);
    assertThat(held).isNotDone();
    control("thaw");
    assertThat(held.join().body()).isEqualTo("done");
  }

  @Test
  void a_call_above_the_functions_timeout_is_a_502_and_the_next_one_works() throws Exception {
    restart(Stack.options().withParameter("Seconds", "2"));
    var late = stack.post("/stream", "silent " + signals.resolve("never"));

    assertThat(late.statusCode()).isEqualTo(502);
    assertThat(stack.post("/stream", "event").statusCode()).isEqualTo(200);
  }

  @Test
  void without_the_wrapper_the_official_client_runs_the_streaming_handler() throws Exception {
    restart(Stack.options().withParameter("Wrapped", "false"));

    // It hands over a plain stream, which this handler refuses.
    assertThat(stack.post("/stream", "event").statusCode()).isEqualTo(502);
  }

  @Test
  void a_snap_start_environment_asks_for_its_restore_before_its_first_event() throws Exception {
    restart(Stack.options().withSnapStart(true));

    assertThat(stack.post("/stream", "event").statusCode()).isEqualTo(200);
    assertThat(stack.post("/open", "x").statusCode()).isEqualTo(201);
  }

  @Test
  void an_event_invokes_the_function_of_its_rule() throws Exception {
    var put =
        HttpRequest.newBuilder(stack.cloud.parameterStore())
            .header("X-Amz-Target", "AWSEvents.PutEvents")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"Entries\":[{\"Source\":\"weir.test\",\"DetailType\":\"T\",\"Detail\":\"{}\"}]}"));
    assertThat(stack.send(put).statusCode()).isEqualTo(200);

    await().until(() -> stack.environments("PlainFunction") == 1);
  }

  @Test
  void without_state_machines_there_is_no_world() throws Exception {
    assertThat(stack.get("/_local/sagemaker/").statusCode()).isEqualTo(404);
    assertThat(stack.get("/_local/remediation/").statusCode()).isEqualTo(404);
  }

  @Test
  void the_control_paths_tell_what_runs() throws Exception {
    stack.post("/stream", "event");
    var environments = new ObjectMapper().readTree(stack.get("/_local/environments").body());
    var processes = new ObjectMapper().readTree(stack.get("/_local/processes").body());

    assertThat(environments).hasSize(1);
    assertThat(environments.get(0).path("function").asText()).isEqualTo(FUNCTION);
    assertThat(environments.get(0).path("state").asText()).isEqualTo("READY");
    assertThat(environments.get(0).path("invocations").asLong()).isEqualTo(1);
    assertThat(processes.get(0).path("pid")).isEqualTo(environments.get(0).path("pid"));
    assertThat(stack.post("/_local/environments/Nobody/kill", "").statusCode()).isEqualTo(404);
    assertThat(stack.get("/_local/nothing").statusCode()).isEqualTo(404);
  }
}
