package dev.weir.local;

import dev.weir.local.process.Children;
import dev.weir.local.process.ReadyProcess;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** What stands behind the functions, each in its own process; they start side by side. */
final class Backends {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final List<String> SMALL =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-Xmx384m",
          "--enable-native-access=ALL-UNNAMED");

  private final Path root;
  private final Path logs;
  private final Path scratch;
  private final Path objects;
  private final Children children;
  private final Optional<ReadyProcess> dynamoDb;
  private final Optional<ReadyProcess> bedrock;

  /**
   * Starts them.
   *
   * @param tables whether there are tables, which need DynamoDB Local
   * @param objects folder of the local S3
   */
  Backends(
      Options options, boolean tables, Path logs, Path scratch, Path objects, Children children)
      throws IOException {
    this.root = options.root();
    this.logs = logs;
    this.scratch = scratch;
    this.objects = objects;
    this.children = children;
    dynamoDb = tables ? Optional.of(startDynamoDb()) : Optional.empty();
    bedrock = options.bedrock() ? Optional.of(startBedrock(options.weights())) : Optional.empty();
  }

  /** DynamoDB Local's address, once it serves. */
  Optional<URI> dynamoDb() throws IOException {
    return dynamoDb.isPresent() ? Optional.of(dynamoDb.get().await(PATIENCE)) : Optional.empty();
  }

  /** The Bedrock stand-in's address, once it serves. */
  Optional<URI> bedrock() throws IOException {
    return bedrock.isPresent() ? Optional.of(bedrock.get().await(PATIENCE)) : Optional.empty();
  }

  /** The first of them that ends, by name and exit status. */
  CompletableFuture<String> ended() {
    return CompletableFuture.anyOf(
            Stream.of(dynamoDb, bedrock)
                .flatMap(Optional::stream)
                .map(ReadyProcess::ended)
                .toArray(CompletableFuture[]::new))
        .thenApply(String.class::cast);
  }

  /** What tells the SDK's clients in the functions where to go. */
  Map<String, String> variables() throws IOException {
    var variables = new HashMap<String, String>();
    dynamoDb().ifPresent(url -> variables.put("AWS_ENDPOINT_URL_DYNAMODB", url.toString()));
    bedrock()
        .ifPresent(url -> {
          variables.put("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", url.toString());
          variables.put("AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME", url.toString());
          variables.put("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", url.toString());
        });
    return variables;
  }

  /**
   * Stops DynamoDB Local where it is, or lets it go on.
   *
   * @throws IllegalArgumentException when there is none
   */
  void pauseDynamoDb(boolean paused) throws IOException {
    dynamoDb.orElseThrow(() -> new IllegalArgumentException("no DynamoDB")).pause(paused);
  }

  private ReadyProcess startDynamoDb() throws IOException {
    return start("dynamodb", "dev.weir.local.dynamodb.DynamoDbLocal", List.of(), List.of("0"));
  }

  private ReadyProcess startBedrock(Optional<Path> weights) throws IOException {
    var natives = Files.createDirectories(scratch.resolve("tmp/llama"));
    var arguments = new ArrayList<>(List.of("--port", "0", "--objects", objects.toString()));
    weights.ifPresent(file -> arguments.addAll(List.of("--weights", file.toString())));
    return start(
        "bedrock",
        "dev.weir.local.bedrock.BedrockStandIn",
        List.of("-Dde.kherud.llama.tmpdir=" + natives),
        arguments);
  }

  private ReadyProcess start(String module, String main, List<String> flags, List<String> arguments)
      throws IOException {
    var target = root.resolve("local").resolve(module).resolve("target");
    if (!Files.isDirectory(target.resolve("lib"))) {
      throw new IOException("local/" + module + " is not built; run mvn package");
    }
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(SMALL);
    command.add("-Djava.io.tmpdir=" + Files.createDirectories(scratch.resolve("tmp/" + module)));
    command.addAll(flags);
    command.add("-cp");
    command.add(target.resolve("*") + File.pathSeparator + target.resolve("lib/*"));
    command.add(main);
    command.addAll(arguments);
    return new ReadyProcess(
        module, new ProcessBuilder(command), logs.resolve(module + ".log"), children);
  }
}
