package dev.weir.inference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.api.ApiError;
import dev.weir.door.Problem;
import dev.weir.door.Request;
import dev.weir.inference.SessionRoutes.Reply;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lists items as OpenAI's clients page through them: {@code limit}, {@code order}, {@code after}.
 */
final class Paging {

  private static final int MOST = 100;
  private static final String USUAL = "20";

  private Paging() {}

  /** The page a request asks for. */
  static Reply page(Request request, List<JsonNode> items) {
    Map<String, String> query = request.query();
    Optional<Problem> unknown = only(query, Set.of("limit", "order", "after"));
    if (unknown.isPresent()) {
      return new Reply.Not(unknown.get());
    }
    String order = query.getOrDefault("order", "desc");
    if (!order.equals("asc") && !order.equals("desc")) {
      return wrong("order", "'asc' or 'desc'");
    }
    String limit = query.getOrDefault("limit", USUAL);
    if (!limit.matches("[1-9]\\d?|" + MOST)) {
      return wrong("limit", "1 to " + MOST);
    }
    List<JsonNode> ordered = order.equals("asc") ? items : items.reversed();
    int from = 0;
    if (query.containsKey("after")) {
      List<String> ids = ordered.stream().map(item -> item.path("id").asText()).toList();
      from = ids.indexOf(query.get("after")) + 1;
      if (from == 0) {
        return wrong("after", "the id of an item of this list");
      }
    }
    int to = Math.min(ordered.size(), from + Integer.parseInt(limit));
    return new Reply.Found(list(ordered.subList(from, to), to < ordered.size()));
  }

  /** One page. */
  static ObjectNode list(List<JsonNode> items, boolean hasMore) {
    ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
    list.putArray("data").addAll(items);
    list.put("first_id", items.isEmpty() ? "" : items.getFirst().path("id").asText());
    list.put("last_id", items.isEmpty() ? "" : items.getLast().path("id").asText());
    return list.put("has_more", hasMore);
  }

  /** Refuses every parameter: there is none. */
  static Optional<Problem> none(Request request) {
    return only(request.query(), Set.of());
  }

  private static Optional<Problem> only(Map<String, String> query, Set<String> known) {
    return query.keySet().stream()
        .filter(name -> !known.contains(name))
        .min(Comparator.naturalOrder())
        .map(name ->
            Problem.of(
                ApiError.invalid(
                    name, "unknown_parameter", "Unknown query parameter: '" + name + "'.")));
  }

  private static Reply wrong(String name, String expected) {
    return new Reply.Not(
        Problem.of(
            ApiError.invalid(
                name, "invalid_value", "Invalid '" + name + "'. Expected " + expected + ".")));
  }
}
