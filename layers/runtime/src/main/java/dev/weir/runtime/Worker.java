package dev.weir.runtime;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;

/** Takes events one by one and runs the handler on each. */
final class Worker {
  private final RuntimeApi api;
  private final RequestStreamHandler handler;
  private final Map<String, String> environment;
  private final InstantSource clock;

  Worker(
      RuntimeApi api,
      RequestStreamHandler handler,
      Map<String, String> environment,
      InstantSource clock) {
    this.api = api;
    this.handler = handler;
    this.environment = environment;
    this.clock = clock;
  }

  /**
   * Waits for one event and answers it.
   *
   * @param trace gets the trace header, empty when there is none, before the handler runs
   */
  void serve(Consumer<String> trace) throws IOException {
    var invocation = api.next();
    trace.accept(invocation.traceId());
    var response = new EventResponse(api, invocation.requestId());
    var context = new InvocationContext(invocation, environment, clock);
    try {
      handler.handleRequest(new ByteArrayInputStream(invocation.event()), response, context);
      response.close();
    } catch (Throwable e) {
      end(response, invocation, e);
      if (e instanceof VirtualMachineError fatal) {
        throw fatal;
      }
    }
  }

  private static void end(EventResponse response, Invocation invocation, Throwable error) {
    if (response.isBroken()) {
      return;
    }
    var failure = Failure.of(error);
    Log.error("handler failed", invocation.requestId(), failure);
    try {
      response.fail(failure);
    } catch (IOException e) {
      Log.error("answer not delivered", invocation.requestId(), Failure.of(e));
    }
  }
}
