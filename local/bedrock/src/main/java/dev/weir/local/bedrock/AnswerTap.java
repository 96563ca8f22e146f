package dev.weir.local.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.bedrock.control.Calls;
import dev.weir.local.bedrock.model.AnswerEnded;
import dev.weir.local.bedrock.model.AnswerSink;
import dev.weir.local.bedrock.wire.ErrorReply;
import dev.weir.local.bedrock.wire.StreamEvent;
import java.time.Duration;
import java.util.Optional;

/** Passes an answer's events on and notes usage and failure on the way. */
final class AnswerTap implements AnswerSink {

  /** Where the events go. */
  @FunctionalInterface
  interface Target {
    void accept(StreamEvent event) throws AnswerEnded;
  }

  private final Exchange exchange;
  private final Calls.Call call;
  private Target target = event -> {};
  private Optional<StreamEvent> failure = Optional.empty();

  AnswerTap(Exchange exchange, Calls.Call call) {
    this.exchange = exchange;
    this.call = call;
  }

  Exchange exchange() {
    return exchange;
  }

  AnswerTap to(Target next) {
    target = next;
    return this;
  }

  @Override
  public void send(StreamEvent event) throws AnswerEnded {
    JsonNode usage = event.payload().path("usage");
    if (usage.isObject()) {
      call.used(usage.path("inputTokens").asInt(), usage.path("outputTokens").asInt());
    }
    if (event.isException()) {
      failure = Optional.of(event);
      call.failed(event.type());
    }
    pause(Duration.ZERO);
    target.accept(event);
  }

  @Override
  public void pause(Duration length) throws AnswerEnded {
    exchange.pause(length);
  }

  /** Answers with the error a script held, where the reply is buffered. */
  void failIfBroken() throws ErrorReply {
    if (failure.isPresent()) {
      throw failure.get().asError();
    }
  }
}
