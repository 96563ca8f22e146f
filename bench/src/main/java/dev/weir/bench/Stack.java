package dev.weir.bench;

import dev.weir.bench.FunctionEnvironment.Launch;
import dev.weir.local.process.Children;
import dev.weir.local.process.ReadyProcess;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The parts everything is measured on: the Bedrock stand-in, DynamoDB Local, functions. */
final class Stack implements Closeable {
  static final String TENANTS = "tenants";
  static final int MEMORY_MEGABYTES = 1024;

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String CHAT = "dev.weir.inference.ChatHandler";
  private static final String EMBEDDINGS = "dev.weir.inference.EmbeddingsHandler";
  private static final String RESPONSES = "dev.weir.inference.ResponsesHandler";

  private final Path root;
  private final Path scratch;
  private final Path opt;
  private final Children children = new Children();
  private final URI bedrock;

  /** How Lambda starts an environment. */
  enum Start {
    PLAIN("on-demand"),
    SNAP_START("snap-start");

    private final String initializationType;

    Start(String initializationType) {
      this.initializationType = initializationType;
    }
  }

  Stack(Path root, Path scratch) throws IOException {
    this.root = root;
    this.scratch = scratch;
    opt = Files.createDirectories(scratch.resolve("opt"));
    for (String layer : List.of("core", "runtime")) {
      lay(root.resolve("layers").resolve(layer).resolve("target/layer"));
    }
    try {
      bedrock = backend("bedrock", "dev.weir.local.bedrock.BedrockStandIn").await(PATIENCE);
    } catch (IOException e) {
      children.close();
      throw e;
    }
  }

  /** Starts DynamoDB Local with the tables; it ends with this. */
  LocalStore dynamoDb() throws IOException {
    return new LocalStore(
        backend("dynamodb", "dev.weir.local.dynamodb.DynamoDbLocal").await(PATIENCE));
  }

  URI bedrock() {
    return bedrock;
  }

  /**
   * Starts an environment of the chat function.
   *
   * @param store where it finds DynamoDB
   * @param atOnce events it serves at once
   */
  FunctionEnvironment chat(Start start, URI store, int atOnce) throws IOException {
    return chat(start, store, atOnce, Map.of());
  }

  /**
   * Starts an environment of the chat function that is set otherwise.
   *
   * @param settings environment variables, in place of those of the same name
   */
  FunctionEnvironment chat(Start start, URI store, int atOnce, Map<String, String> settings)
      throws IOException {
    return environment(inference(), CHAT, start, store, atOnce, settings);
  }

  /** Starts an environment of the embeddings function, as from a snapshot. */
  FunctionEnvironment embeddings(URI store, int atOnce, Map<String, String> settings)
      throws IOException {
    return environment(inference(), EMBEDDINGS, Start.SNAP_START, store, atOnce, settings);
  }

  /** Starts an environment of the responses function, as from a snapshot. */
  FunctionEnvironment responses(URI store, Map<String, String> settings) throws IOException {
    return environment(inference(), RESPONSES, Start.SNAP_START, store, 1, settings);
  }

  private Path inference() {
    return root.resolve("functions/inference/target/function");
  }

  /** Starts an environment of a function that does nothing. */
  FunctionEnvironment echo() throws IOException {
    Path task = Files.createDirectories(scratch.resolve("echo"));
    Path lib = task.resolve("lib");
    if (!Files.exists(lib)) {
      Files.createSymbolicLink(lib, root.resolve("bench/target/lib"));
    }
    String handler = EchoHandler.class.getName();
    return environment(task, handler, Start.SNAP_START, bedrock, 1, Map.of());
  }

  private FunctionEnvironment environment(
      Path task, String handler, Start start, URI store, int atOnce, Map<String, String> settings)
      throws IOException {
    Map<String, String> variables = new HashMap<>();
    variables.put("TENANTS_TABLE", TENANTS);
    variables.put("RESPONSES_TABLE", "responses");
    variables.put("LEDGER_TABLE", "ledger");
    variables.put("WEIR_AUDIT", "on");
    variables.put("SESSIONS_TABLE", "sessions");
    variables.put("WEIR_GUARDRAIL_ID", "localrules");
    variables.put("WEIR_GUARDRAIL_VERSION", "1");
    variables.put("WEIR_CATALOG", root.resolve("bench/catalog").toString());
    // Patient, so that a busy machine slows calls down but does not refuse them.
    variables.put("WEIR_LIMITER_TIMEOUT_MS", "5000");
    variables.put("WEIR_CLOCK_ERROR_MS", "2000");
    variables.put("AWS_REGION", "us-east-1");
    variables.put("AWS_ACCESS_KEY_ID", "local");
    variables.put("AWS_SECRET_ACCESS_KEY", "local");
    variables.put("AWS_ENDPOINT_URL_DYNAMODB", store.toString());
    variables.put("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", bedrock.toString());
    variables.put("AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME", bedrock.toString());
    variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", start.initializationType);
    variables.put("AWS_LAMBDA_MAX_CONCURRENCY", Integer.toString(atOnce));
    variables.putAll(settings);
    List<String> flags = new ArrayList<>(List.of("-XX:+UseSerialGC"));
    // The JVM begins with a 64th of the memory it sees; here it would see the whole machine.
    flags.add("-Xms" + MEMORY_MEGABYTES / 64 + "m");
    flags.add("-Xmx" + MEMORY_MEGABYTES * 3 / 4 + "m");
    Path runtime = root.resolve("local/cloud/target/runtime");
    return new FunctionEnvironment(
        new Launch(opt, task, runtime, scratch, handler, flags, variables), children);
  }

  private ReadyProcess backend(String module, String main) throws IOException {
    Path target = root.resolve("local").resolve(module).resolve("target");
    ProcessBuilder command =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx384m",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.io.tmpdir=" + Files.createDirectories(scratch.resolve(module)),
            "-cp",
            target.resolve("*") + File.pathSeparator + target.resolve("lib/*"),
            main);
    return new ReadyProcess(module, command, scratch.resolve(module + ".log"), children);
  }

  /** Lays a layer into what stands for {@code /opt}. */
  private void lay(Path layer) throws IOException {
    try (var files = Files.walk(layer)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path link = opt.resolve(layer.relativize(file).toString());
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, file.toAbsolutePath());
      }
    }
  }

  /** Ends every process and deletes what they wrote. */
  @Override
  public void close() throws IOException {
    children.close();
    try (var files = Files.walk(scratch)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
