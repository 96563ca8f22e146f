package dev.weir.cache;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.api.ChatRequest;
import dev.weir.hash.Sha256;
import dev.weir.retrieval.KnowledgeBase;
import dev.weir.route.Model;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What makes two requests the same: the tenant, the model that would answer, the caps and
 * everything in the body but the fields on a deny-list. A field unknown to this class changes the
 * key, so a new parameter can cost a hit but never serve a wrong answer.
 *
 * @param tenantId inside the key and its visible partition
 * @param digest SHA-256 of the canonical request, hex
 */
public record CacheKey(String tenantId, String digest) {

  /** A wish to keep the prompt: it changes what an answer costs, never the answer. */
  private static final String MARK = "cache_control";

  /** Fields that do not change the answer, and those that are resolved before they are hashed. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "model",
          "stream",
          "stream_options",
          "user",
          "safety_identifier",
          "metadata",
          "store",
          "prompt_cache_key",
          "prompt_cache_retention",
          "prompt_cache_options",
          "max_tokens",
          "max_completion_tokens");

  /** Bumped when the stored form of an entry changes. */
  private static final String FORMAT = "3";

  /**
   * The key of one request.
   *
   * @param maxTokens the output cap that would be sent upstream
   * @param request as the guards have left it
   * @param guards the versions of the guards that judge it and its answer
   */
  public static CacheKey of(
      String tenantId, Model model, long maxTokens, ChatRequest request, String guards) {
    return of(tenantId, model, maxTokens, request.body(), guards);
  }

  static CacheKey of(String tenantId, Model model, long maxTokens, JsonNode body, String guards) {
    StringBuilder canonical = new StringBuilder(1024);
    for (String part :
        new String[] {
          FORMAT,
          tenantId,
          model.id(),
          model.target(),
          model.price().id(),
          model.price().date(),
          Long.toString(maxTokens),
          guards,
          model.retrieval().map(KnowledgeBase::version).orElse("")
        }) {
      canonical.append(part.length()).append(':').append(part).append('\n');
    }
    canonical.append('{');
    fields(body)
        .forEach((name, value) -> {
          if (!LEFT_OUT.contains(name) && !value.isNull()) {
            canonical.append(name.length()).append(':').append(name).append('=');
            append(value, name.equals("messages") || name.equals("tools"), canonical);
          }
        });
    return new CacheKey(tenantId, Sha256.hex(canonical.toString()));
  }

  /**
   * @param isMarkable whether a mark may stand here; in a tool's parameters that name is a client's
   *     own
   */
  private static void append(JsonNode node, boolean isMarkable, StringBuilder canonical) {
    if (node.isObject()) {
      canonical.append('{');
      fields(node)
          .forEach((name, value) -> {
            if (!isMarkable || !name.equals(MARK)) {
              canonical.append(name.length()).append(':').append(name).append('=');
              append(value, isMarkable && !name.equals("parameters"), canonical);
            }
          });
      canonical.append('}');
    } else if (node.isArray()) {
      canonical.append('[');
      for (JsonNode element : node) {
        append(element, isMarkable, canonical);
        canonical.append(',');
      }
      canonical.append(']');
    } else {
      canonical.append(node.toString()).append(';');
    }
  }

  private static Map<String, JsonNode> fields(JsonNode object) {
    Map<String, JsonNode> sorted = new TreeMap<>();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      sorted.put(field.getKey(), field.getValue());
    }
    return sorted;
  }
}
