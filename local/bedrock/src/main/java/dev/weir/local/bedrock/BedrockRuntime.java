package dev.weir.local.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.bedrock.control.Calls;
import dev.weir.local.bedrock.control.Fault;
import dev.weir.local.bedrock.control.Faults;
import dev.weir.local.bedrock.embedding.Embeddings;
import dev.weir.local.bedrock.guard.LocalGuardrail;
import dev.weir.local.bedrock.knowledge.LocalKnowledge;
import dev.weir.local.bedrock.model.AnswerEnded;
import dev.weir.local.bedrock.model.AnswerSink;
import dev.weir.local.bedrock.model.Models;
import dev.weir.local.bedrock.model.PromptCache;
import dev.weir.local.bedrock.model.Script;
import dev.weir.local.bedrock.wire.ErrorReply;
import dev.weir.local.bedrock.wire.EventFrame;
import dev.weir.local.bedrock.wire.Fold;
import dev.weir.local.bedrock.wire.Json;
import dev.weir.local.bedrock.wire.Operation;
import dev.weir.local.bedrock.wire.Prefix;
import dev.weir.local.bedrock.wire.Prompt;
import dev.weir.local.bedrock.wire.PromptReader;
import dev.weir.local.bedrock.wire.Route;
import dev.weir.local.bedrock.wire.StreamEvent;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The operations of the Bedrock Runtime, and Retrieve of the Agent Runtime. */
final class BedrockRuntime extends RuntimeApi {
  private final Models models;
  private final PromptCache promptCache;
  private final Faults faults;
  private final LocalGuardrail guardrail = new LocalGuardrail();
  private final LocalKnowledge knowledge = new LocalKnowledge();
  private final Embeddings embeddings;

  BedrockRuntime(
      Models models, Embeddings embeddings, PromptCache promptCache, Faults faults, Calls calls) {
    super(calls, "bedrock", "InternalServerException");
    this.models = models;
    this.embeddings = embeddings;
    this.promptCache = promptCache;
    this.faults = faults;
  }

  @Override
  Optional<Route> route(String rawPath) {
    return Route.of(rawPath);
  }

  @Override
  void answer(Exchange exchange, Route route, byte[] body, Calls.Call call)
      throws ErrorReply, AnswerEnded {
    Optional<Fault> fault = faults.take(route.target(), route.operation());
    Reply reply = new Reply(exchange, fault, faults, call);
    reply.before(route.operation().streaming());
    if (route.operation() == Operation.INVOKE_MODEL && embeddings.has(route.target())) {
      embed(exchange, route, body, reply, call);
    } else {
      answer(route, body, reply, new AnswerTap(exchange, call));
    }
  }

  @Override
  ObjectNode body(ErrorReply error) {
    return Json.object().put("message", error.text());
  }

  private void embed(Exchange exchange, Route route, byte[] body, Reply reply, Calls.Call call)
      throws ErrorReply, AnswerEnded {
    Embeddings.Answer answer = embeddings.answer(route.target(), body, reply.isEmpty());
    call.used(answer.tokens(), 0);
    exchange.set("X-Amzn-Bedrock-Input-Token-Count", Integer.toString(answer.tokens()));
    reply.whole(Json.bytes(answer.body()));
  }

  private void answer(Route route, byte[] body, Reply reply, AnswerTap tap)
      throws ErrorReply, AnswerEnded {
    switch (route.operation()) {
      case CONVERSE -> {
        Fold fold = new Fold();
        ask(route, body, PromptReader.CONVERSE, reply, tap.to(fold::add));
        tap.failIfBroken();
        reply.whole(Json.bytes(fold.body()));
      }
      case CONVERSE_STREAM ->
          stream(route, body, PromptReader.CONVERSE, reply, tap, EventFrame::of);
      case INVOKE_MODEL -> {
        Fold fold = new Fold();
        ask(route, body, PromptReader.NOVA, reply, tap.to(fold::add));
        tap.failIfBroken();
        ObjectNode nova = fold.body();
        nova.remove("metrics");
        JsonNode usage = nova.path("usage");
        tap.exchange().set("X-Amzn-Bedrock-Input-Token-Count", usage.path("inputTokens").asText());
        tap.exchange()
            .set("X-Amzn-Bedrock-Output-Token-Count", usage.path("outputTokens").asText());
        reply.whole(Json.bytes(nova));
      }
      case INVOKE_MODEL_STREAM ->
          stream(route, body, PromptReader.NOVA, reply, tap, BedrockRuntime::chunk);
      case COUNT_TOKENS -> {
        models.require(route.target());
        int tokens = models.countTokens(route.target(), counted(body));
        reply.whole(Json.bytes(Json.object().put("inputTokens", tokens)));
      }
      case APPLY_GUARDRAIL ->
          reply.whole(Json.bytes(guardrail.apply(route.target(), route.version(), body)));
      case RETRIEVE -> reply.whole(Json.bytes(knowledge.retrieve(route.target(), body)));
      case INVOKE_ENDPOINT, INVOKE_ENDPOINT_STREAM, INVOKE_ENDPOINT_ASYNC ->
          throw new IllegalArgumentException("not an operation of Bedrock: " + route);
    }
  }

  private void stream(
      Route route, byte[] body, PromptReader reader, Reply reply, AnswerTap tap, Framing framing)
      throws ErrorReply, AnswerEnded {
    tap.exchange().set("Content-Type", "application/vnd.amazon.eventstream");
    ask(route, body, reader, reply, tap.to(event -> reply.part(framing.frame(event))));
    reply.end();
  }

  /** How an event is put on the wire. */
  @FunctionalInterface
  private interface Framing {
    byte[] frame(StreamEvent event);
  }

  private void ask(Route route, byte[] body, PromptReader reader, Reply reply, AnswerTap tap)
      throws ErrorReply, AnswerEnded {
    models.require(route.target());
    Prompt prompt = reader.read(body);
    AnswerSink sink = promptCache.before(tap, route.target(), prefixes(body), models);
    if (reply.isEmpty()) {
      Script.EMPTY.play(sink);
    } else {
      models.answer(route.target(), prompt, sink);
    }
  }

  private static List<Prefix> prefixes(byte[] body) throws ErrorReply {
    try {
      return Prefix.of(Json.read(body));
    } catch (IOException malformed) {
      throw ErrorReply.validation("The request body is not valid JSON.");
    }
  }

  /** Nova's native chunks are the events of Converse, each wrapped in its name. */
  private static byte[] chunk(StreamEvent event) {
    if (event.isException()) {
      return EventFrame.of(event);
    }
    ObjectNode chunk = Json.object().set(event.type(), event.payload());
    JsonNode usage = event.payload().path("usage");
    if (usage.isObject()) {
      chunk
          .putObject("amazon-bedrock-invocationMetrics")
          .put("inputTokenCount", usage.path("inputTokens").asInt())
          .put("outputTokenCount", usage.path("outputTokens").asInt())
          .put("invocationLatency", event.payload().path("metrics").path("latencyMs").asLong());
    }
    return EventFrame.chunk(chunk);
  }

  private static Prompt counted(byte[] body) throws ErrorReply {
    try {
      JsonNode input = Json.read(body).path("input");
      return input.has("invokeModel")
          ? PromptReader.NOVA.read(input.path("invokeModel").path("body").binaryValue())
          : PromptReader.COUNT_TOKENS.read(input.path("converse"));
    } catch (IOException malformed) {
      throw ErrorReply.validation("The request body is not valid JSON.");
    }
  }
}
