package dev.weir.local;

import dev.weir.local.process.Children;
import dev.weir.local.process.ReadyProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts what stands behind the functions, each in its own process. */
final class Backends {
  private static final List<String> SMALL =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-Xmx384m",
          "--enable-native-access=ALL-UNNAMED");

  private final Options options;
  private final Path logs;
  private final Path scratch;
  private final Children children;

  Backends(Options options, Path logs, Path scratch, Children children) {
    this.options = options;
    this.logs = logs;
    this.scratch = scratch;
    this.children = children;
  }

  /** DynamoDB Local, in memory. */
  ReadyProcess dynamoDb() throws IOException {
    return start("dynamodb", "dev.weir.local.dynamodb.DynamoDbLocal", List.of(), List.of("0"));
  }

  /** The Bedrock Runtime stand-in. */
  ReadyProcess bedrock() throws IOException {
    var natives = Files.createDirectories(scratch.resolve("tmp/llama"));
    var arguments = new ArrayList<>(List.of("--port", "0"));
    options.weights().ifPresent(file -> arguments.addAll(List.of("--weights", file.toString())));
    return start(
        "bedrock",
        "dev.weir.local.bedrock.BedrockStandIn",
        List.of("-Dde.kherud.llama.tmpdir=" + natives),
        arguments);
  }

  private ReadyProcess start(String module, String main, List<String> flags, List<String> arguments)
      throws IOException {
    var target = options.root().resolve("local").resolve(module).resolve("target");
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
