package dev.weir.local.bedrock;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The packaged stand-in as users start it. */
final class StandInProcess implements AutoCloseable {
  private final Path errors;
  final Process process;
  final URI address;

  StandInProcess(String... options) throws IOException {
    errors = Files.createTempFile("stand-in", ".err");
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.add("-jar");
    command.add(jar().toString());
    command.addAll(List.of(options));
    process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    if (line == null || !line.startsWith("READY ")) {
      throw new IOException("not ready: " + line + " " + errors());
    }
    address = URI.create(line.substring("READY ".length()));
  }

  private static File jar() throws IOException {
    try (var files = Files.list(Path.of("target"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("weir-local-bedrock-[0-9.]+\\.jar"))
          .findFirst()
          .orElseThrow(() -> new IOException("not packaged"))
          .toFile();
    }
  }

  /** Where {@code local/weights} puts the weights, if it has. */
  static Optional<Path> weights() {
    Optional<String> cache = environment("WEIR_CACHE");
    Optional<Path> folder =
        cache
            .map(Path::of)
            .or(() -> environment("XDG_CACHE_HOME").map(xdg -> Path.of(xdg, "weir")))
            .or(() -> environment("HOME").map(home -> Path.of(home, ".cache", "weir")));
    return folder
        .map(weir -> weir.resolve("weights").resolve("smollm2-135m-instruct-q4_1.gguf"))
        .filter(Files::isRegularFile);
  }

  private static Optional<String> environment(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isEmpty());
  }

  String errors() throws IOException {
    return Files.readString(errors);
  }

  /** Waits for the process to end; 20 s at most. */
  boolean ends() throws InterruptedException {
    return process.waitFor(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    process.destroyForcibly();
    process.waitFor();
    Files.delete(errors);
  }
}
