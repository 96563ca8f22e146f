package dev.weir.inference.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.guard.Guardrail.Assessment;
import dev.weir.guard.Masks;
import dev.weir.ledger.TextUnits;
import java.util.HashMap;
import java.util.Map;

/** Reads the reply of ApplyGuardrail. An intervention it does not understand is a refusal. */
final class GuardrailReply {

  private GuardrailReply() {}

  static Assessment read(JsonNode reply) {
    TextUnits units = units(reply.path("usage"));
    return switch (reply.path("action").asText()) {
      case "NONE" -> new Assessment.Clean(units);
      case "GUARDRAIL_INTERVENED" -> intervened(reply.path("assessments"), units);
      default -> new Assessment.Failed("NoVerdict");
    };
  }

  private static Assessment intervened(JsonNode assessments, TextUnits units) {
    for (JsonNode action : assessments.findValues("action")) {
      if (!action.asText().equals("ANONYMIZED") && !action.asText().equals("NONE")) {
        return new Assessment.Refused(units);
      }
    }
    Map<String, String> masks = new HashMap<>();
    for (JsonNode assessment : assessments) {
      JsonNode sensitive = assessment.path("sensitiveInformationPolicy");
      mask(sensitive.path("piiEntities"), "type", masks);
      mask(sensitive.path("regexes"), "name", masks);
    }
    return masks.isEmpty()
        ? new Assessment.Refused(units)
        : new Assessment.Sensitive(new Masks(masks), units);
  }

  private static void mask(JsonNode entities, String label, Map<String, String> masks) {
    for (JsonNode entity : entities) {
      String match = entity.path("match").asText();
      if (entity.path("action").asText().equals("ANONYMIZED") && !match.isEmpty()) {
        masks.put(match, "{" + entity.path(label).asText() + "}");
      }
    }
  }

  private static TextUnits units(JsonNode usage) {
    return new TextUnits(
        count(usage, "contentPolicyUnits"),
        count(usage, "topicPolicyUnits"),
        count(usage, "sensitiveInformationPolicyUnits"),
        count(usage, "contextualGroundingPolicyUnits"));
  }

  private static long count(JsonNode usage, String name) {
    return Math.max(0, usage.path(name).asLong());
  }
}
