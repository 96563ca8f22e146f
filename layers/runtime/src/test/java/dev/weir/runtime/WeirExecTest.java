package dev.weir.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the wrapper with a {@code java} that prints its arguments, one a line. */
final class WeirExecTest {
  private static final String OFFICIAL =
      "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";

  @TempDir Path root = Path.of("");
  private Path java = Path.of("");

  @BeforeEach
  void layOut() throws IOException {
    java = executable("jvm/bin/java", "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    var wrapper = Files.readString(Path.of("src/main/layer/weir-exec"));
    executable("opt/weir-exec", wrapper);
    file("opt/java/lib/weir-runtime-0.1.0.jar");
    file("opt/java/lib/weir-core-0.1.0.jar");
    file("task/lib/door.jar");
    file("runtime/lib/aws-lambda-java-core.jar");
  }

  private Path file(String name) throws IOException {
    var file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "");
  }

  private Path executable(String name, String text) throws IOException {
    var file = Files.writeString(file(name), text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  private List<String> run(List<String> arguments) throws IOException {
    var command = new ArrayList<>(List.of(root.resolve("opt/weir-exec").toString()));
    command.addAll(arguments);
    var process = new ProcessBuilder(command).redirectErrorStream(true);
    var environment = process.environment();
    environment.put("LAMBDA_TASK_ROOT", root.resolve("task").toString());
    environment.put("LAMBDA_RUNTIME_DIR", root.resolve("runtime").toString());
    environment.put("JAVA_HOME", root.resolve("jvm").toString());
    environment.put("_HANDLER", "a.Handler");
    return new String(process.start().getInputStream().readAllBytes(), UTF_8).lines().toList();
  }

  static Stream<List<String>> forms() {
    return Stream.of(
        List.of("java", "-Xmx1g", "-cp", "/given.jar", OFFICIAL, "a.Handler"),
        List.of("java", "-Xmx1g", "-classpath", "/given.jar", OFFICIAL, "a.Handler"),
        List.of("java", "--class-path", "/given.jar", "-Xmx1g", OFFICIAL, "a.Handler"),
        List.of("java", "--class-path=/given.jar", "-Xmx1g", OFFICIAL),
        List.of("java", "@args", OFFICIAL, "a.Handler"),
        List.of("java", "@whole"),
        List.of("-Xmx1g", "-cp", "/given.jar", OFFICIAL),
        List.of("java", "-Xmx1g", "-XX:AOTMode=on", "-cp", "/given.jar", OFFICIAL, "a.Handler"));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void every_form_of_the_command_becomes_the_loop_with_its_flags_and_class_path(List<String> form)
      throws IOException {
    Files.writeString(root.resolve("args"), "# flags\n-Xmx1g\n-cp \"/given.jar\"");
    Files.writeString(root.resolve("whole"), "-Xmx1g -cp /given.jar\n" + OFFICIAL + " a.Handler\n");
    var arguments =
        form.stream()
            .map(word -> word.equals("java") ? java.toString() : word)
            .map(word -> word.startsWith("@") ? "@" + root.resolve(word.substring(1)) : word)
            .toList();

    var path =
        Stream.of(
                "task",
                "task/lib/door.jar",
                "opt/java/lib/weir-core-0.1.0.jar",
                "opt/java/lib/weir-runtime-0.1.0.jar",
                "runtime/lib/aws-lambda-java-core.jar")
            .map(entry -> root.resolve(entry).toString())
            .reduce("/given.jar", (all, entry) -> all + File.pathSeparator + entry);
    assertThat(run(arguments))
        .containsExactly(
            "-XX:TieredStopAtLevel=1",
            "-Xmx1g",
            "-Dsun.net.http.retryPost=false",
            "-cp",
            path,
            "dev.weir.runtime.StreamingRuntime",
            "a.Handler");
  }

  @Test
  void a_flag_with_a_separate_value_keeps_it() throws IOException {
    assertThat(run(List.of(java.toString(), "--add-opens", "java.base/x=ALL-UNNAMED", OFFICIAL)))
        .containsSequence("--add-opens", "java.base/x=ALL-UNNAMED");
  }

  @Test
  void a_compiler_that_was_asked_for_comes_after_ours_and_wins() throws IOException {
    assertThat(run(List.of(java.toString(), "-XX:TieredStopAtLevel=4", OFFICIAL)))
        .startsWith("-XX:TieredStopAtLevel=1", "-XX:TieredStopAtLevel=4");
  }

  @Test
  void without_the_layer_the_command_runs_as_it_came() throws IOException {
    Files.delete(root.resolve("opt/java/lib/weir-runtime-0.1.0.jar"));

    assertThat(run(List.of(java.toString(), "-cp", "/given.jar", OFFICIAL, "a.Handler")))
        .containsExactly("-cp", "/given.jar", OFFICIAL, "a.Handler");
  }

  @Test
  void a_command_that_is_no_jvm_runs_as_it_came() throws IOException {
    assertThat(run(List.of("echo", "python", "-cp"))).containsExactly("python -cp");
  }
}
