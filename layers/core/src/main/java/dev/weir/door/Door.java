package dev.weir.door;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.weir.runtime.ResponseStream;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import dev.weir.telemetry.Names;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The one shape of a handler behind API Gateway: reads the event, serves it, and answers whatever
 * goes wrong with an OpenAI error and one log line. Thread-safe when {@link #serve} is.
 */
public abstract class Door implements RequestStreamHandler {

  private final Log log;
  private final Supplier<String> requestIds;

  protected Door(Log log, Supplier<String> requestIds) {
    this.log = log;
    this.requestIds = requestIds;
  }

  /**
   * Serves one request.
   *
   * @param remainingMillis until the environment is stopped
   * @throws IOException when the client has gone
   */
  protected abstract void serve(Exchange exchange, int remainingMillis) throws IOException;

  @Override
  public final void handleRequest(InputStream event, OutputStream out, Context context)
      throws IOException {
    Replies replies =
        out instanceof ResponseStream live ? new LiveReplies(live) : new ProxyReplies(out);
    String requestId = requestIds.get();
    Exchange exchange =
        new Exchange(RequestReader.read(event), requestId, traceId(context), replies);
    try {
      serve(exchange, context.getRemainingTimeInMillis());
    } catch (IOException e) {
      log.write(Line.warn("client_gone").with("requestId", requestId).with(e));
    } catch (BrokenReplyException e) {
      throw e; // told and booked by the door; the runtime breaks the connection
    } catch (RuntimeException e) {
      log.write(
          Line.error("internal_error")
              .with("requestId", requestId)
              .with(e)
              .metric(Names.ERRORS, Line.Unit.COUNT, 1));
      if (exchange.started()) {
        throw e;
      }
      exchange.problem(Problem.internal(), Map.of());
    }
  }

  private static Optional<String> traceId(Context context) {
    return Optional.ofNullable(context.getXrayTraceId()).filter(id -> !id.isEmpty());
  }
}
