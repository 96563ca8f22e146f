package dev.weir.local.bedrock;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.bedrock.control.Calls;
import dev.weir.local.bedrock.model.AnswerEnded;
import dev.weir.local.bedrock.wire.ErrorReply;
import dev.weir.local.bedrock.wire.Route;
import dev.weir.local.bedrock.wire.Signature;
import java.io.IOException;
import java.util.Optional;

/** How each call of an AWS runtime begins and ends, whichever API it is of. */
abstract class RuntimeApi {
  private final Calls calls;
  private final String service;
  private final String bug;

  /**
   * @param service the name requests are signed for
   * @param bug the error type of what fails here by mistake
   */
  RuntimeApi(Calls calls, String service, String bug) {
    this.calls = calls;
    this.service = service;
    this.bug = bug;
  }

  /** Where a raw path goes; empty when no operation has it. */
  abstract Optional<Route> route(String rawPath);

  /** Answers a call that was counted as begun. */
  abstract void answer(Exchange exchange, Route route, byte[] body, Calls.Call call)
      throws ErrorReply, AnswerEnded;

  /** The body of an error. */
  abstract ObjectNode body(ErrorReply error);

  final void serve(Exchange exchange) throws IOException {
    try {
      Optional<Route> route = route(exchange.rawPath());
      if (route.isEmpty() || !exchange.method().equals("POST")) {
        throw new ErrorReply(
            404, "UnknownOperationException", "No operation has this path.", Optional.empty());
      }
      Signature.require(exchange.header("Authorization"), service);
      byte[] body = exchange.body();
      serve(
          exchange,
          route.get(),
          body,
          calls.begin(route.get().target(), route.get().operation(), body));
    } catch (ErrorReply refused) {
      refuse(exchange, refused);
    }
  }

  private void serve(Exchange exchange, Route route, byte[] body, Calls.Call call) {
    try {
      answer(exchange, route, body, call);
    } catch (ErrorReply refused) {
      call.failed(refused.type());
      refuse(exchange, refused);
    } catch (AnswerEnded ended) {
      if (ended.by() == AnswerEnded.By.CLIENT) {
        call.cancelled();
        exchange.abandon();
      }
    } catch (RuntimeException mistake) {
      call.failed(bug);
      throw mistake;
    }
  }

  private void refuse(Exchange exchange, ErrorReply error) {
    exchange.set("x-amzn-ErrorType", error.type());
    error.retryAfter().ifPresent(wait -> exchange.set("Retry-After", "" + wait.toSeconds()));
    exchange.reply(error.status(), body(error));
  }
}
