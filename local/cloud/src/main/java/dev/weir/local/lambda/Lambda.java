package dev.weir.local.lambda;

import dev.weir.local.http.HttpServer;
import dev.weir.local.process.Children;
import dev.weir.local.template.FunctionSpec;
import java.io.Closeable;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The functions of a template, started when they are first called. */
public final class Lambda implements Closeable {
  /** Largest event and largest buffered result in bytes. */
  public static final int PAYLOAD_LIMIT = 6 << 20;

  static final String REGION = "us-east-1";

  private final LambdaSettings settings;
  private final Children children;
  private final InstantSource clock;
  private final Supplier<String> ids;
  private final EnvironmentCommand command;
  private final Map<String, Function> functions;
  private final ScheduledThreadPoolExecutor timers =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("timers").factory());

  /**
   * @param ids makes request and environment ids
   */
  public Lambda(
      List<FunctionSpec> functions,
      LambdaSettings settings,
      Children children,
      InstantSource clock,
      Supplier<String> ids) {
    this.settings = settings;
    this.children = children;
    this.clock = clock;
    this.ids = ids;
    timers.setRemoveOnCancelPolicy(true);
    command = new EnvironmentCommand(settings, new LayerMerge(settings.scratch()));
    this.functions =
        functions.stream()
            .map(spec -> new Function(spec, settings.maxEnvironments(), this::launch))
            .collect(Collectors.toMap(it -> it.spec().name(), it -> it));
  }

  /** The ARN of a function. */
  public static String arn(String function) {
    return "arn:aws:lambda:%s:000000000000:function:%s".formatted(REGION, function);
  }

  /**
   * Sends an event to a function.
   *
   * @param trace the trace header
   */
  public Invocation invoke(String function, byte[] event, String trace) {
    var invocation = new Invocation(ids.get(), trace, event);
    function(function).place(invocation);
    return invocation;
  }

  /** Every environment that runs. */
  public List<EnvironmentStatus> environments() {
    return functions.values().stream().flatMap(it -> it.status().stream()).toList();
  }

  /** Kills the function's environments with what they are doing; the number of them. */
  public int kill(String function) {
    return function(function).each(it -> it.end("killed"));
  }

  /** Stops the function's environments where they are; the number of them. */
  public int freeze(String function) {
    return function(function).each(Environment::freeze);
  }

  /** Lets the function's frozen environments go on; the number of its environments. */
  public int thaw(String function) {
    return function(function).each(Environment::thaw);
  }

  @Override
  public void close() {
    functions.values().forEach(Function::close);
    timers.shutdownNow();
  }

  private Function function(String name) {
    var function = functions.get(name);
    if (function == null) {
      throw new IllegalArgumentException("no function " + name);
    }
    return function;
  }

  private Environment launch(Function function) {
    var environment = new Environment(function, settings.concurrency(), timers, clock);
    Thread.startVirtualThread(() -> start(environment, function.spec()));
    return environment;
  }

  private void start(Environment environment, FunctionSpec spec) {
    try {
      var server = new HttpServer(0, new RuntimeApi(environment));
      try {
        var process =
            children.start(spec.name(), command.of(spec, ids.get(), "127.0.0.1:" + server.port()));
        process.onExit().thenAccept(_ -> close(server));
        environment.started(process);
      } catch (IOException e) {
        server.close();
        throw e;
      }
    } catch (IOException e) {
      System.err.println("local: " + spec.name() + " not started: " + e);
      environment.end("not started: " + e.getMessage());
    }
  }

  private static void close(HttpServer server) {
    try {
      server.close();
    } catch (IOException e) {
      // Nobody is left to talk to it.
    }
  }
}
