package dev.weir.local;

import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The command behind {@code make run}: starts the local cloud, seeds it and waits for a signal. */
@CommandLine.Command(name = "local-cloud", mixinStandardHelpOptions = true)
public final class Main implements Callable<Integer> {
  @Option(names = "--root", description = "The project's folder (default: here).")
  private Path root = Path.of("");

  @Option(names = "--port", description = "Port of the front (default: ${DEFAULT-VALUE}).")
  private int port = 8080;

  @Option(names = "--weights", description = "The small model's file; without it, an echo.")
  private Optional<Path> weights = Optional.empty();

  @Option(names = "--parameter", description = "A template parameter, NAME=VALUE.")
  private Map<String, String> parameters = Map.of();

  @Option(names = "--snap-start", description = "Run the functions' restore hooks at their start.")
  private boolean snapStart;

  @Option(
      names = "--pace",
      description =
          "How long SageMaker's work takes, compared with AWS (default: ${DEFAULT-VALUE}).")
  private double pace = 1;

  /** What endpoints are asked is captured, and judged every hour. */
  private static final Map<String, String> CAPTURING =
      Map.of(
          "DriftBucket", "drift-data",
          "DriftWindowHours", "1",
          "TrainingRoleArn", "arn:aws:iam::000000000000:role/training");

  private Main() {}

  /** Runs until a signal ends it. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    var options = Options.of(root).withPort(port).withSnapStart(snapStart).withPace(pace);
    options = weights.map(options::withWeights).orElse(options);
    var all = new HashMap<>(CAPTURING);
    all.putAll(parameters);
    for (var parameter : all.entrySet()) {
      options = options.withParameter(parameter.getKey(), parameter.getValue());
    }
    try {
      LocalCloud.requireFreePort(options);
    } catch (BindException e) {
      System.err.println("local: port " + port + " is taken; choose another with PORT=");
      return 1;
    }
    // What an earlier run wrote must not be taken for this one's.
    Files.deleteIfExists(options.work().resolve("env"));
    Files.deleteIfExists(options.work().resolve("aws"));
    LocalCloud cloud = LocalCloud.start(options, Main::say);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(cloud)));
    say("seeding the demo tenant");
    var key = Seed.plant(cloud.tenants());
    cloud.remediate();
    say("starting the functions");
    warm(cloud.url(), key);
    Files.write(
        options.work().resolve("aws"),
        cloud.operator().entrySet().stream().map(Object::toString).toList());
    Files.writeString(
        options.work().resolve("env"), "WEIR_URL=%s\nWEIR_KEY=%s\n".formatted(cloud.url(), key));
    System.out.println("Weir is ready at " + cloud.url());
    System.out.println(
        """
        curl %s/v1/chat/completions -H 'Authorization: Bearer %s' -H 'content-type: application/json' \
        -d '{"model":"small","messages":[{"role":"user","content":"Say hello."}]}'\
        """
            .formatted(cloud.url(), key));
    System.err.println("local: " + cloud.backendEnded().join() + "; stopping");
    return 1;
  }

  private static void say(String step) {
    System.out.println("local: " + step);
  }

  /** The first call of a function starts it; a chat without a body costs nothing. */
  private static void warm(URI url, String key) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var health = HttpRequest.newBuilder(url.resolve("/healthz")).build();
      var chat =
          HttpRequest.newBuilder(url.resolve("/v1/chat/completions"))
              .header("Authorization", "Bearer " + key)
              .POST(HttpRequest.BodyPublishers.ofString("{}"))
              .build();
      var ignored = HttpResponse.BodyHandlers.discarding();
      var calls = Stream.of(health, chat).map(request -> http.sendAsync(request, ignored)).toList();
      for (var call : calls) {
        int status = call.join().statusCode();
        if (status >= 500) {
          say("warning: a function answered %d; see target/local/logs".formatted(status));
        }
      }
    }
  }

  private static void close(LocalCloud cloud) {
    try {
      cloud.close();
    } catch (IOException e) {
      System.err.println("local: " + e);
    }
  }
}
