package dev.weir.local.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.bedrock.control.Calls;
import dev.weir.local.bedrock.control.Fault;
import dev.weir.local.bedrock.control.Faults;
import dev.weir.local.bedrock.model.Models;
import dev.weir.local.bedrock.model.Pace;
import dev.weir.local.bedrock.model.Script;
import dev.weir.local.bedrock.wire.ErrorReply;
import dev.weir.local.bedrock.wire.Json;
import java.io.IOException;
import java.util.function.Function;

/**
 * What a test sets and reads, under {@code /_control/}; needs no signature. Each service has its
 * own.
 */
final class ControlRoutes {
  static final String PREFIX = "/_control/";
  static final String ENDPOINTS = PREFIX + "sagemaker/";
  private static final String SCRIPTS = "scripts/";

  private final Models models;
  private final Faults faults;
  private final Calls calls;
  private final Pace pace;
  private final String prefix;
  private final Function<JsonNode, Fault> reader;

  /** Those of the Bedrock Runtime. */
  static ControlRoutes ofModels(Models models, Faults faults, Calls calls, Pace pace) {
    return new ControlRoutes(models, faults, calls, pace, PREFIX, Fault::of);
  }

  /** Those of the SageMaker Runtime. */
  static ControlRoutes ofEndpoints(Models models, Faults faults, Calls calls, Pace pace) {
    return new ControlRoutes(models, faults, calls, pace, ENDPOINTS, Fault::ofEndpoint);
  }

  private ControlRoutes(
      Models models,
      Faults faults,
      Calls calls,
      Pace pace,
      String prefix,
      Function<JsonNode, Fault> reader) {
    this.prefix = prefix;
    this.reader = reader;
    this.models = models;
    this.faults = faults;
    this.calls = calls;
    this.pace = pace;
  }

  void serve(Exchange exchange) throws IOException {
    try {
      exchange.reply(200, answer(exchange));
    } catch (IllegalArgumentException | IOException | ErrorReply wrong) {
      exchange.reply(400, Json.object().put("message", String.valueOf(wrong.getMessage())));
    }
  }

  private JsonNode answer(Exchange exchange) throws IOException, ErrorReply {
    String path = exchange.rawPath().substring(prefix.length());
    if (path.startsWith(SCRIPTS)) {
      return script(exchange, path.substring(SCRIPTS.length()));
    }
    switch (exchange.method() + " " + path) {
      case "GET faults" -> {
        return faults.json();
      }
      case "POST faults" -> faults.add(reader.apply(Json.read(exchange.body())));
      case "DELETE faults" -> faults.clear();
      case "GET calls" -> {
        return calls.json(Long.parseLong(exchange.parameter("since").orElse("0")));
      }
      case "DELETE calls" -> calls.reset();
      case "POST pace" ->
          pace.tokensPerSecond(Json.read(exchange.body()).path("tokensPerSecond").asDouble());
      default -> throw new IllegalArgumentException("no such control: " + path);
    }
    return Json.object();
  }

  private JsonNode script(Exchange exchange, String model) throws IOException, ErrorReply {
    if (!models.has(model)) {
      throw new IllegalArgumentException("no model " + model);
    }
    switch (exchange.method()) {
      case "PUT" -> models.script(model, Script.of(Json.read(exchange.body())));
      case "DELETE" -> models.restore(model);
      default -> throw new IllegalArgumentException("PUT or DELETE is wanted");
    }
    return Json.object();
  }
}
