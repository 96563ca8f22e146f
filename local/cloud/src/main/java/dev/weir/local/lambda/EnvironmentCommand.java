package dev.weir.local.lambda;

import dev.weir.local.template.FunctionSpec;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command that starts an environment, as the managed runtime would: through the wrapper if any.
 */
final class EnvironmentCommand {
  private static final String CLIENT = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
  private static final String WRAPPER = "AWS_LAMBDA_EXEC_WRAPPER";

  private final LambdaSettings settings;
  private final LayerMerge layers;

  EnvironmentCommand(LambdaSettings settings, LayerMerge layers) {
    this.settings = settings;
    this.layers = layers;
  }

  /**
   * The process to start.
   *
   * @param api {@code host:port} of its Runtime API
   */
  ProcessBuilder of(FunctionSpec function, String id, String api) throws IOException {
    var opt = layers.merge(function.layers());
    var variables = variables(function, opt);
    var command = new ArrayList<String>();
    var wrapper = variables.get(WRAPPER);
    if (wrapper != null) {
      command.add(wrapper);
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(settings.jvmFlags());
    command.add("-Xmx" + function.memoryMegabytes() * 3 / 4 + "m");
    var temporary = Files.createDirectories(settings.scratch().resolve("tmp").resolve(id));
    command.add("-Djava.io.tmpdir=" + temporary);
    // The official client looks for layers under /opt/java and nowhere else.
    command.add("-cp");
    command.add(
        wrapper != null ? jars(settings.runtime()) : jars(settings.runtime(), opt.resolve("java")));
    command.add(CLIENT);
    command.add(function.handler());
    var process = new ProcessBuilder(command).directory(function.code().toFile());
    process.redirectErrorStream(true);
    var log = settings.logs().resolve(function.name() + ".log").toFile();
    process.redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    process.environment().keySet().retainAll(List.of("PATH", "LANG"));
    process.environment().putAll(variables);
    process.environment().putAll(ownVariables(function, id, api));
    return process;
  }

  /** The template's variables and the local ones; {@code /opt} is where the layers really are. */
  private Map<String, String> variables(FunctionSpec function, Path opt) {
    var variables = new TreeMap<>(function.environment());
    variables.replaceAll(
        (_, value) -> value.startsWith("/opt/") ? opt + value.substring(4) : value);
    variables.putAll(settings.variables());
    return variables;
  }

  private Map<String, String> ownVariables(FunctionSpec function, String id, String api) {
    return Map.ofEntries(
        Map.entry("_HANDLER", function.handler()),
        Map.entry("AWS_LAMBDA_RUNTIME_API", api),
        Map.entry("AWS_LAMBDA_FUNCTION_NAME", function.name()),
        Map.entry("AWS_LAMBDA_FUNCTION_VERSION", "1"),
        Map.entry("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(function.memoryMegabytes())),
        Map.entry("AWS_LAMBDA_LOG_GROUP_NAME", "/local/" + function.name()),
        Map.entry("AWS_LAMBDA_LOG_STREAM_NAME", id),
        Map.entry("AWS_LAMBDA_MAX_CONCURRENCY", Integer.toString(settings.concurrency())),
        Map.entry(
            "AWS_LAMBDA_INITIALIZATION_TYPE",
            settings.snapStart() && function.snapStart() ? "snap-start" : "on-demand"),
        Map.entry("AWS_EXECUTION_ENV", "AWS_Lambda_java25"),
        Map.entry("LAMBDA_TASK_ROOT", function.code().toString()),
        Map.entry("LAMBDA_RUNTIME_DIR", settings.runtime().toString()),
        Map.entry("AWS_REGION", Lambda.REGION),
        Map.entry("AWS_DEFAULT_REGION", Lambda.REGION),
        Map.entry("AWS_ACCESS_KEY_ID", "local"),
        Map.entry("AWS_SECRET_ACCESS_KEY", "local"),
        Map.entry("AWS_CONFIG_FILE", "/dev/null"),
        Map.entry("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
        Map.entry("AWS_EC2_METADATA_DISABLED", "true"),
        Map.entry("TZ", ":UTC"));
  }

  private static String jars(Path... folders) throws IOException {
    var jars = new ArrayList<String>();
    for (var folder : folders) {
      if (Files.isDirectory(folder.resolve("lib"))) {
        try (Stream<Path> files = Files.list(folder.resolve("lib"))) {
          files.map(Path::toString).filter(it -> it.endsWith(".jar")).sorted().forEach(jars::add);
        }
      }
    }
    return jars.stream().collect(Collectors.joining(File.pathSeparator));
  }
}
