package dev.weir.bench;

import dev.weir.local.http.HttpServer;
import dev.weir.local.process.Children;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One environment of a function: a JVM started by the exec wrapper, and its Runtime API. */
final class FunctionEnvironment implements Closeable {
  private static final String CLIENT = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";

  private final FunctionApi api = new FunctionApi();
  private final HttpServer server;
  private final Process process;
  private final long spawned;

  /**
   * How an environment starts.
   *
   * @param opt the merged layers
   * @param task the function's folder
   * @param runtime the managed runtime's folder
   * @param scratch folder for logs and temporary files
   * @param jvmFlags flags of the JVM
   * @param variables the function's environment variables
   */
  record Launch(
      Path opt,
      Path task,
      Path runtime,
      Path scratch,
      String handler,
      List<String> jvmFlags,
      Map<String, String> variables) {}

  FunctionEnvironment(Launch launch, Children children) throws IOException {
    server = new HttpServer(0, api);
    Path own = Files.createTempDirectory(launch.scratch(), "environment");
    ProcessBuilder builder = new ProcessBuilder(command(launch, own));
    builder.directory(launch.task().toFile());
    builder.redirectErrorStream(true).redirectOutput(own.resolve("log").toFile());
    builder.environment().keySet().retainAll(List.of("PATH", "LANG"));
    builder.environment().putAll(launch.variables());
    builder.environment().put("_HANDLER", launch.handler());
    builder.environment().put("LAMBDA_TASK_ROOT", launch.task().toString());
    builder.environment().put("LAMBDA_RUNTIME_DIR", launch.runtime().toString());
    builder.environment().put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + server.port());
    spawned = System.nanoTime();
    process = children.start(launch.handler(), builder);
    process.onExit().thenAccept(_ -> api.fail("the environment ended; see " + own.resolve("log")));
  }

  /** As the managed runtime would: the wrapper gets the runtime's own command. */
  private static List<String> command(Launch launch, Path own) {
    List<String> command = new ArrayList<>();
    command.add(launch.opt().resolve("weir-exec").toString());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(launch.jvmFlags());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Djava.io.tmpdir=" + own);
    command.add("-cp");
    command.add(launch.runtime().resolve("lib") + "/*");
    command.add(CLIENT);
    command.add(launch.handler());
    return command;
  }

  /**
   * Waits until it asks for its first event, or to be restored.
   *
   * @return when it did, on the clock of {@link System#nanoTime}
   */
  long awaitReady() {
    return api.ready().orTimeout(60, TimeUnit.SECONDS).join();
  }

  /** Lets it go on as after a restore. */
  void restore() {
    api.restore();
  }

  Call call(byte[] event) {
    return api.call(event);
  }

  /** When its process was started, on the clock of {@link System#nanoTime}. */
  long spawned() {
    return spawned;
  }

  double cpuSeconds() throws IOException {
    return ProcessFigures.cpuSeconds(process.pid());
  }

  double peakMebibytes() throws IOException {
    return ProcessFigures.peakMebibytes(process.pid());
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    process.onExit().join();
    server.close();
  }
}
