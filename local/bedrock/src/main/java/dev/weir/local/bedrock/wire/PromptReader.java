package dev.weir.local.bedrock.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Reads and validates the body of Converse and of what is shaped like it. Messages and limits
 * follow the AWS API reference of the Bedrock Runtime.
 */
public enum PromptReader {
  /** Converse and ConverseStream. */
  CONVERSE(
      Set.of(
          "messages",
          "system",
          "inferenceConfig",
          "toolConfig",
          "guardrailConfig",
          "additionalModelRequestFields",
          "promptVariables",
          "additionalModelResponseFieldPaths",
          "requestMetadata",
          "performanceConfig",
          "serviceTier"),
      Set.of("maxTokens", "temperature", "topP", "stopSequences")),
  /** Amazon Nova's native body ({@code messages-v1}) of InvokeModel. */
  NOVA(
      Set.of("schemaVersion", "messages", "system", "inferenceConfig", "toolConfig"),
      Set.of("maxTokens", "temperature", "topP", "topK", "stopSequences")),
  /** The {@code converse} input of CountTokens. */
  COUNT_TOKENS(
      Set.of("messages", "system", "toolConfig", "additionalModelRequestFields"), Set.of());

  private final Set<String> members;
  private final Set<String> inferenceMembers;

  PromptReader(Set<String> members, Set<String> inferenceMembers) {
    this.members = members;
    this.inferenceMembers = inferenceMembers;
  }

  /**
   * Reads a body.
   *
   * @throws ErrorReply a {@code ValidationException} that names the member at fault
   */
  public Prompt read(byte[] body) throws ErrorReply {
    try {
      return read(Json.read(body));
    } catch (IOException malformed) {
      throw ErrorReply.validation("The request body is not valid JSON.");
    }
  }

  /** Reads a parsed body; fails like {@link #read(byte[])}. */
  public Prompt read(JsonNode body) throws ErrorReply {
    Members.object(body, "", members);
    if (body.has("guardrailConfig")) {
      // Ignored in silence it would look like protection.
      throw ErrorReply.validation("Locally, guardrails are only served by ApplyGuardrail.");
    }
    ToolReader tools = ToolReader.of(body);
    List<Prompt.Turn> turns = new TurnReader(tools.isConfigured()).read(body);
    return new Prompt(system(body), turns, sampling(body), tools.tools(), tools.choice());
  }

  private static List<String> system(JsonNode body) throws ErrorReply {
    List<String> texts = new ArrayList<>();
    for (JsonNode block : Members.array(body, "", "system")) {
      String path = "system." + texts.size();
      String kind = Members.union(block, path, Set.of("text", "guardContent", "cachePoint"));
      texts.add(
          switch (kind) {
            case "text" -> TurnReader.filled(block, path, "text");
            case "guardContent" -> block.path(kind).path("text").path("text").asText("");
            default -> "";
          });
    }
    return List.copyOf(texts);
  }

  private Prompt.Sampling sampling(JsonNode body) throws ErrorReply {
    String path = "inferenceConfig";
    JsonNode config = body.has(path) ? body.path(path) : Json.object();
    Members.object(config, path, inferenceMembers);
    return new Prompt.Sampling(
        maxTokens(config, path),
        Members.fraction(config, path, "temperature"),
        Members.fraction(config, path, "topP"),
        stopSequences(config, path));
  }

  private static OptionalInt maxTokens(JsonNode config, String path) throws ErrorReply {
    JsonNode node = config.path("maxTokens");
    if (node.isMissingNode()) {
      return OptionalInt.empty();
    }
    if (!node.canConvertToInt() || !node.canConvertToExactIntegral() || node.asInt() < 1) {
      throw Members.constraint(
          node.asText(), path + ".maxTokens", "have value greater than or equal to 1");
    }
    return OptionalInt.of(node.asInt());
  }

  private static List<String> stopSequences(JsonNode config, String path) throws ErrorReply {
    List<String> stops = new ArrayList<>();
    for (JsonNode stop : Members.array(config, path, "stopSequences")) {
      if (!stop.isTextual() || stop.asText().isEmpty()) {
        throw Members.constraint(
            stop.asText(), path + ".stopSequences", "have length greater than or equal to 1");
      }
      stops.add(stop.asText());
    }
    if (stops.size() > 2500) {
      throw Members.constraint(
          "[...]", path + ".stopSequences", "have length less than or equal to 2500");
    }
    return List.copyOf(stops);
  }
}
