package dev.weir.runtime;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The main class of a streaming function: makes the handler once and serves it from as many workers
 * as {@code AWS_LAMBDA_MAX_CONCURRENCY} says (default 1). A handler that is no {@code
 * RequestStreamHandler} is left to the official runtime client.
 */
public final class StreamingRuntime {
  private static final String TRACE_PROPERTY = "com.amazonaws.xray.traceHeader";

  private final Map<String, String> environment;
  private final InstantSource clock;

  StreamingRuntime(Map<String, String> environment, InstantSource clock) {
    this.environment = environment;
    this.clock = clock;
  }

  /**
   * Serves until the environment ends.
   *
   * @param args the handler, {@code package.Class} or {@code package.Class::handleRequest}; {@code
   *     _HANDLER} when absent
   */
  public static void main(String[] args) throws Throwable {
    Snapshot.connectHooks();
    var environment = System.getenv();
    var named = args.length > 0 && !args[0].isEmpty();
    var handler = named ? args[0] : environment.getOrDefault("_HANDLER", "");
    try {
      var runtime = new StreamingRuntime(environment, InstantSource.system());
      if (!runtime.run(handler)) {
        AWSLambda.main(new String[] {handler});
      }
    } catch (Throwable e) {
      Log.error("the runtime ends", "", Failure.of(e));
      System.exit(1);
    }
  }

  /**
   * Serves the handler until an error ends all.
   *
   * @return false when the handler is for the official client
   */
  boolean run(String handlerName) throws Throwable {
    var api = api();
    RequestStreamHandler handler;
    try {
      var type = Class.forName(handlerName.replaceFirst("::.*", ""));
      if (!RequestStreamHandler.class.isAssignableFrom(type)) {
        return false;
      }
      handler = (RequestStreamHandler) type.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException | RuntimeException | Error e) {
      var cause = e instanceof InvocationTargetException target ? target.getCause() : e;
      var failure = Failure.of(cause == null ? e : cause);
      Log.error("no handler", "", failure);
      api.initError(failure);
      throw e;
    }
    if ("snap-start".equals(environment.get("AWS_LAMBDA_INITIALIZATION_TYPE"))) {
      Snapshot.take(api);
    }
    api.close();
    serve(handler);
    return true;
  }

  private void serve(RequestStreamHandler handler) throws Throwable {
    int workers = Integer.parseInt(environment.getOrDefault("AWS_LAMBDA_MAX_CONCURRENCY", "1"));
    var end = new CompletableFuture<Throwable>();
    for (int i = 0; i < workers; i++) {
      var worker = new Worker(api(), handler, environment, clock);
      Thread.ofPlatform()
          .daemon()
          .name("worker-" + i)
          .start(() -> serve(worker, workers == 1, end));
    }
    throw end.get();
  }

  /** The AWS SDK reads the trace header from a system property, which only one worker may set. */
  private static void serve(Worker worker, boolean alone, CompletableFuture<Throwable> end) {
    try {
      while (true) {
        worker.serve(alone ? StreamingRuntime::setTrace : _ -> {});
      }
    } catch (Throwable e) {
      end.complete(e);
    }
  }

  private static void setTrace(String header) {
    if (header.isEmpty()) {
      System.clearProperty(TRACE_PROPERTY);
    } else {
      System.setProperty(TRACE_PROPERTY, header);
    }
  }

  private RuntimeApi api() throws IOException {
    return new RuntimeApi(environment.getOrDefault("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001"));
  }
}
