package dev.weir.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The fields of the OpenAI API that Bedrock cannot honour. A value that leaves the answer as it
 * would be is accepted; any other is refused as {@code unsupported_parameter}.
 */
final class NeutralFields {
  static final Set<String> STREAM_OPTIONS = Set.of("include_usage", "include_obfuscation");

  private static final int MAX_METADATA = 16;
  private static final List<String> HONOURED =
      List.of(
          "model",
          "messages",
          "tools",
          "tool_choice",
          "parallel_tool_calls",
          "response_format",
          "max_tokens",
          "max_completion_tokens",
          "temperature",
          "top_p",
          "stop",
          "stream",
          "stream_options");

  /** Fields that never change an answer; OpenAI promises best effort or bookkeeping only. */
  private static final Map<String, Predicate<JsonNode>> WITHOUT_EFFECT =
      Map.of(
          "user", JsonNode::isTextual,
          "safety_identifier", JsonNode::isTextual,
          "metadata", NeutralFields::isMetadata,
          "seed", JsonNode::isIntegralNumber,
          "prompt_cache_key", JsonNode::isTextual,
          "prompt_cache_retention", JsonNode::isTextual,
          "prompt_cache_options", JsonNode::isObject);

  /** Fields with one value, or a few, that ask for nothing. */
  private static final Map<String, Predicate<JsonNode>> NEUTRAL =
      Map.ofEntries(
          Map.entry("n", node -> node.isIntegralNumber() && node.asLong() == 1),
          Map.entry("presence_penalty", NeutralFields::isZero),
          Map.entry("frequency_penalty", NeutralFields::isZero),
          Map.entry("logit_bias", node -> node.isObject() && node.isEmpty()),
          Map.entry("logprobs", NeutralFields::isFalse),
          Map.entry("top_logprobs", NeutralFields::isZero),
          Map.entry("store", NeutralFields::isFalse),
          Map.entry("service_tier", node -> isOneOf(node, Set.of("auto", "default"))),
          Map.entry("reasoning_effort", node -> isOneOf(node, Set.of("none"))),
          Map.entry("verbosity", node -> isOneOf(node, Set.of("medium"))),
          Map.entry("modalities", NeutralFields::isTextOnly),
          Map.entry("functions", node -> node.isArray() && node.isEmpty()),
          Map.entry("function_call", node -> isOneOf(node, Set.of("none"))),
          Map.entry("audio", node -> false),
          Map.entry("prediction", node -> false),
          Map.entry("web_search_options", node -> false),
          Map.entry("moderation", node -> false));

  private static final Set<String> KNOWN =
      Stream.of(HONOURED, WITHOUT_EFFECT.keySet(), NEUTRAL.keySet())
          .flatMap(Collection::stream)
          .collect(Collectors.toUnmodifiableSet());

  void check(Fields body) {
    body.only(KNOWN);
    for (String name : (Iterable<String>) body.node()::fieldNames) {
      Predicate<JsonNode> isValid = WITHOUT_EFFECT.get(name);
      if (isValid != null && body.value(name).filter(isValid.negate()).isPresent()) {
        throw body.outOfRange(name, "a value of the type the OpenAI API names");
      }
      Predicate<JsonNode> isNeutral = NEUTRAL.get(name);
      if (isNeutral != null) {
        refuseUnless(body, name, isNeutral);
      }
    }
    body.object("stream_options")
        .ifPresent(options -> refuseUnless(options, "include_obfuscation", NeutralFields::isFalse));
  }

  /** Accepted fields of this body that have no effect, by their paths without indexes. */
  static List<String> withoutEffect(JsonNode body) {
    Set<String> names = new TreeSet<>();
    body.propertyStream()
        .filter(field -> WITHOUT_EFFECT.containsKey(field.getKey()) && !field.getValue().isNull())
        .forEach(field -> names.add(field.getKey()));
    if (body.path("temperature").asDouble() > 1) {
      names.add("temperature above 1");
    }
    for (JsonNode message : body.path("messages")) {
      if (message.hasNonNull("name")) {
        names.add("messages.name");
      }
      if (message.hasNonNull("reasoning_content")) {
        names.add("messages.reasoning_content");
      }
      for (JsonNode part : message.path("content")) {
        if (!part.path("image_url").path("detail").asText("auto").equals("auto")) {
          names.add("messages.content.image_url.detail");
        }
      }
    }
    for (JsonNode tool : body.path("tools")) {
      if (tool.path("function").path("strict").asBoolean()) {
        names.add("tools.function.strict");
      }
    }
    if (body.path("response_format").path("json_schema").path("strict").asBoolean()) {
      names.add("response_format.json_schema.strict");
    }
    return List.copyOf(names);
  }

  private static void refuseUnless(Fields fields, String name, Predicate<JsonNode> isNeutral) {
    if (fields.value(name).filter(isNeutral.negate()).isPresent()) {
      throw fields.unsupported(name, "The models behind this API cannot honour it.");
    }
  }

  private static boolean isZero(JsonNode node) {
    return node.isNumber() && node.doubleValue() == 0;
  }

  private static boolean isFalse(JsonNode node) {
    return node.isBoolean() && !node.booleanValue();
  }

  private static boolean isOneOf(JsonNode node, Set<String> values) {
    return node.isTextual() && values.contains(node.textValue());
  }

  private static boolean isTextOnly(JsonNode node) {
    return node.isArray() && node.size() == 1 && isOneOf(node.get(0), Set.of("text"));
  }

  private static boolean isMetadata(JsonNode node) {
    return node.isObject()
        && node.size() <= MAX_METADATA
        && node.valueStream().allMatch(JsonNode::isTextual);
  }
}
