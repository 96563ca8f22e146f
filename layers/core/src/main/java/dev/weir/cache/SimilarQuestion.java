package dev.weir.cache;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.api.ChatRequest;
import dev.weir.api.ChatRequest.SystemMessage;
import dev.weir.hash.Sha256;
import dev.weir.route.Model;
import dev.weir.route.Similar;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A question that may be answered by the answer to another: a single text of the user's, asked at
 * {@code temperature: 0}, without tools, images or history.
 *
 * @param text the user's
 * @param partition name of the item that holds what may be compared with it: that of its tenant,
 *     model, system prompt, parameters, guards and embedding model
 */
public record SimilarQuestion(String tenantId, String text, String partition, Slots slots) {

  private static final Set<String> SYSTEM = Set.of("system", "developer");

  /** Longer questions are seldom asked twice in other words. */
  private static final int LONGEST = 2_000;

  /** Bumped when the stored form changes, or what is compared. */
  private static final String FORMAT = "3";

  /**
   * The question of a request, if it is one.
   *
   * @param maxTokens the output cap that would be sent upstream
   * @param request as the guards have left it
   * @param guards the versions of the guards that judge it and its answer
   */
  public static Optional<SimilarQuestion> of(
      String tenantId,
      Model model,
      Similar similar,
      long maxTokens,
      ChatRequest request,
      String guards) {
    Optional<String> text = text(request);
    if (request.temperature().orElse(1) != 0 || !request.tools().isEmpty() || text.isEmpty()) {
      return Optional.empty();
    }
    String around =
        CacheKey.of(tenantId, model, maxTokens, withoutText(request.body()), guards).digest();
    String partition =
        Sha256.hex(
            String.join(
                "\n",
                FORMAT,
                around,
                similar.embedding().target(),
                Integer.toString(similar.dimensions())));
    return Optional.of(
        new SimilarQuestion(
            tenantId,
            text.get(),
            tenantId + "#similar#" + partition,
            Slots.of(text.get(), instructions(request))));
  }

  private static String instructions(ChatRequest request) {
    return request.instructions().stream()
        .filter(SystemMessage.class::isInstance)
        .map(message -> ((SystemMessage) message).text())
        .collect(Collectors.joining("\n"));
  }

  private static Optional<String> text(ChatRequest request) {
    Optional<String> text = Optional.empty();
    for (JsonNode message : request.body().path("messages")) {
      String role = message.path("role").asText();
      if (SYSTEM.contains(role)) {
        continue;
      }
      if (!role.equals("user") || text.isPresent() || !message.path("content").isTextual()) {
        return Optional.empty();
      }
      text = Optional.of(message.path("content").textValue());
    }
    return text.filter(found -> !found.isBlank() && found.length() <= LONGEST);
  }

  private static ObjectNode withoutText(JsonNode body) {
    ObjectNode copy = body.deepCopy();
    for (JsonNode message : copy.path("messages")) {
      if (message.path("role").asText().equals("user")) {
        ((ObjectNode) message).put("content", "");
      }
    }
    return copy;
  }
}
