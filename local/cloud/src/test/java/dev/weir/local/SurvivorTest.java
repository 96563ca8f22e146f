package dev.weir.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No process outlives the local cloud, however it ends. */
@Timeout(60)
final class SurvivorTest {

  /** A supervisor with two environments, one of them frozen; prints its descendants' ids. */
  public static final class Supervisor {
    private Supervisor() {}

    public static void main(String[] arguments) throws Exception {
      var stack = new Stack(Stack.options().withWork(Path.of("target/survivor")));
      stack.post("/stream", "event");
      stack.post("/open", "x");
      stack.cloud.lambda().freeze("StreamFunction");
      ProcessHandle.current().descendants().forEach(it -> System.out.println(it.pid()));
      System.out.println();
      Thread.sleep(60_000);
    }
  }

  @Test
  void closing_leaves_no_process() throws Exception {
    var stack = new Stack(Stack.options());
    stack.post("/stream", "event");
    stack.post("/open", "x");
    stack.cloud.lambda().freeze("PlainFunction");
    var children = ProcessHandle.current().descendants().toList();
    stack.close();

    assertThat(children).hasSize(3).noneMatch(ProcessHandle::isAlive);
  }

  @Test
  void a_killed_supervisor_leaves_no_process() throws Exception {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(
                java, "-cp", System.getProperty("java.class.path"), Supervisor.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<ProcessHandle> children;
    try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      children =
          lines
              .lines()
              .takeWhile(line -> !line.isEmpty())
              .map(line -> ProcessHandle.of(Long.parseLong(line)).orElseThrow())
              .toList();
      process.destroyForcibly().waitFor();
    }

    assertThat(children).hasSize(3);
    await().until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
  }
}
