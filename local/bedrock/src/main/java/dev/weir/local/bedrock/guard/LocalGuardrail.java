package dev.weir.local.bedrock.guard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.bedrock.wire.ErrorReply;
import dev.weir.local.bedrock.wire.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;

/**
 * The one guardrail there is, {@code localrules}: fixed rules in the wire form of ApplyGuardrail.
 * No protection: a language model's guard would see what no pattern does.
 */
public final class LocalGuardrail {
  private static final String ID = "localrules";
  private static final Set<String> VERSIONS = Set.of("1", "DRAFT");
  private static final String BLOCKED = "Sorry, the model cannot answer this question.";

  /** A text unit of Bedrock's price list. */
  private static final int UNIT_CHARACTERS = 1000;

  /**
   * Answers ApplyGuardrail.
   *
   * @throws ErrorReply another guardrail was asked, or the body is not as the API wants it
   */
  public ObjectNode apply(String id, String version, byte[] body) throws ErrorReply {
    if (!id.equals(ID) || !VERSIONS.contains(version)) {
      throw ErrorReply.of(
          "ResourceNotFoundException",
          "The guardrail identifier or version provided in the request does not exist.");
    }
    JsonNode request = read(body);
    String source = request.path("source").asText();
    if (!source.equals("INPUT") && !source.equals("OUTPUT")) {
      throw ErrorReply.validation("The value at 'source' must be INPUT or OUTPUT.");
    }
    return assess(source.equals("INPUT"), texts(request));
  }

  private static JsonNode read(byte[] body) throws ErrorReply {
    try {
      return Json.read(body);
    } catch (IOException malformed) {
      throw ErrorReply.validation("The request body is not valid JSON.");
    }
  }

  private static List<String> texts(JsonNode request) throws ErrorReply {
    List<String> texts = new ArrayList<>();
    for (JsonNode block : request.path("content")) {
      JsonNode text = block.path("text").path("text");
      if (!text.isTextual()) {
        throw ErrorReply.validation("The value at 'content' must hold text blocks.");
      }
      texts.add(text.asText());
    }
    if (texts.isEmpty()) {
      throw ErrorReply.validation("The value at 'content' must not be empty.");
    }
    return texts;
  }

  private static ObjectNode assess(boolean input, List<String> texts) {
    ObjectNode assessment = Json.object();
    List<String> masked = new ArrayList<>();
    for (String text : texts) {
      String rest = text;
      for (Rule rule : Rule.ALL) {
        if (input || rule.policy() != Rule.Policy.CONTENT) {
          rest = rule.pattern().matcher(rest).replaceAll(match -> found(rule, match, assessment));
        }
      }
      masked.add(rest);
    }
    boolean blocked = assessment.has("wordPolicy") || assessment.has("contentPolicy");
    boolean intervened = !assessment.isEmpty();
    ObjectNode reply = Json.object().put("action", intervened ? "GUARDRAIL_INTERVENED" : "NONE");
    if (intervened) {
      reply.put("actionReason", blocked ? "Guardrail blocked." : "Guardrail masked.");
    }
    ArrayNode outputs = reply.putArray("outputs");
    if (intervened) {
      (blocked ? List.of(BLOCKED) : masked).forEach(text -> outputs.addObject().put("text", text));
    }
    reply.putArray("assessments").add(assessment);
    count(reply, texts.stream().mapToInt(String::length).sum());
    return reply;
  }

  /** Notes a match in the assessment; gives what stands in its place. */
  private static String found(Rule rule, MatchResult match, ObjectNode assessment) {
    String text = match.group();
    if (!rule.valid().test(text)) {
      return Matcher.quoteReplacement(text);
    }
    ObjectNode finding = Json.object().put("detected", true);
    switch (rule.policy()) {
      case WORD -> words(assessment).add(finding.put("match", text).put("action", "BLOCKED"));
      case CONTENT ->
          list(assessment, "contentPolicy", "filters")
              .add(
                  finding
                      .put("type", rule.type())
                      .put("confidence", "HIGH")
                      .put("filterStrength", "HIGH")
                      .put("action", "BLOCKED"));
      case SENSITIVE ->
          entities(assessment)
              .add(finding.put("type", rule.type()).put("match", text).put("action", "ANONYMIZED"));
    }
    return Matcher.quoteReplacement("{" + rule.type() + "}");
  }

  private static ArrayNode words(ObjectNode assessment) {
    list(assessment, "wordPolicy", "managedWordLists");
    return list(assessment, "wordPolicy", "customWords");
  }

  private static ArrayNode entities(ObjectNode assessment) {
    list(assessment, "sensitiveInformationPolicy", "regexes");
    return list(assessment, "sensitiveInformationPolicy", "piiEntities");
  }

  private static ArrayNode list(ObjectNode assessment, String policy, String name) {
    return assessment.withObjectProperty(policy).withArrayProperty(name);
  }

  private static void count(ObjectNode reply, int characters) {
    int units = (characters + UNIT_CHARACTERS - 1) / UNIT_CHARACTERS;
    reply
        .putObject("usage")
        .put("topicPolicyUnits", 0)
        .put("contentPolicyUnits", units)
        .put("wordPolicyUnits", units)
        .put("sensitiveInformationPolicyUnits", units)
        .put("sensitiveInformationPolicyFreeUnits", 0)
        .put("contextualGroundingPolicyUnits", 0);
    reply
        .putObject("guardrailCoverage")
        .putObject("textCharacters")
        .put("guarded", characters)
        .put("total", characters);
  }
}
