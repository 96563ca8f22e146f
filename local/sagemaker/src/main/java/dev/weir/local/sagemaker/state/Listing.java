package dev.weir.local.sagemaker.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Json;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** The List operations: filters, order and pages. */
public final class Listing {
  private static final int PAGE = 10;

  private Listing() {}

  /**
   * Every member {@code XEquals} of a request filters by X, as {@code NameContains} does by name.
   */
  public static ObjectNode list(Registry registry, Kind kind, ObjectNode request) {
    List<Resource> matching =
        registry.all(kind).stream()
            .filter(resource -> matches(resource, request))
            .sorted(order(kind, request))
            .toList();
    return page(
        matching.stream().map(Resource::data).toList(), kind.listMember(), request, "MaxResults");
  }

  /**
   * One page.
   *
   * @param limit the request's member with the greatest count
   * @throws ApiError the token is not one given before
   */
  public static ObjectNode page(
      List<? extends JsonNode> all, String member, ObjectNode request, String limit) {
    int from = start(request.path("NextToken").asText());
    int to = Math.min(all.size(), from + request.path(limit).asInt(PAGE));
    ObjectNode reply = Json.object();
    ArrayNode page = reply.putArray(member);
    all.subList(Math.min(from, to), to).forEach(page::add);
    if (to < all.size()) {
      reply.put("NextToken", Integer.toString(to));
    }
    return reply;
  }

  private static int start(String token) {
    try {
      return token.isEmpty() ? 0 : Integer.parseInt(token);
    } catch (NumberFormatException e) {
      throw ApiError.validation("Invalid NextToken: " + token);
    }
  }

  private static boolean matches(Resource resource, ObjectNode request) {
    return request.properties().stream()
        .allMatch(entry -> matches(resource, entry.getKey(), entry.getValue().asText()));
  }

  private static boolean matches(Resource resource, String filter, String value) {
    ObjectNode data = resource.data();
    return switch (filter) {
      case "NameContains" -> resource.name().contains(value);
      case "StatusEquals" -> resource.status().equals(value);
      case "CreationTimeAfter" -> time(data, "CreationTime").isAfter(Instant.parse(value));
      case "CreationTimeBefore" -> time(data, "CreationTime").isBefore(Instant.parse(value));
      case "LastModifiedTimeAfter" -> time(data, "LastModifiedTime").isAfter(Instant.parse(value));
      case "LastModifiedTimeBefore" ->
          time(data, "LastModifiedTime").isBefore(Instant.parse(value));
      case "ModelPackageGroupName", "ModelApprovalStatus" ->
          data.path(filter).asText().equals(value);
      default ->
          !filter.endsWith("Equals")
              || data.path(filter.substring(0, filter.length() - "Equals".length()))
                  .asText()
                  .equals(value);
    };
  }

  private static Comparator<Resource> order(Kind kind, ObjectNode request) {
    Comparator<Resource> ascending =
        switch (request.path("SortBy").asText("CreationTime")) {
          case "Name" -> Comparator.comparing(Resource::name);
          case "Status" -> Comparator.comparing(Resource::status).thenComparing(Resource::name);
          default ->
              Comparator.comparing((Resource resource) -> time(resource.data(), "CreationTime"))
                  .thenComparing(Resource::name);
        };
    String usual = kind.newestFirst() ? "Descending" : "Ascending";
    boolean descending = request.path("SortOrder").asText(usual).equals("Descending");
    return descending ? ascending.reversed() : ascending;
  }

  private static Instant time(ObjectNode data, String member) {
    return Instant.parse(data.path(member).asText());
  }
}
