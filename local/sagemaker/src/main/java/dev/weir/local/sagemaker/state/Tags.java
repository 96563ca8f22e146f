package dev.weir.local.sagemaker.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Json;
import java.util.Map;
import java.util.TreeMap;

/** Tags by ARN. */
public final class Tags {
  private static final int MOST = 50;

  private final Map<String, Map<String, String>> tags = new TreeMap<>();

  /**
   * Adds tags, or changes their values.
   *
   * @throws ApiError they would be more than 50
   */
  public void add(String arn, JsonNode added) {
    Map<String, String> after = new TreeMap<>(of(arn));
    added.forEach(tag -> after.put(tag.path("Key").asText(), tag.path("Value").asText()));
    if (after.size() > MOST) {
      throw ApiError.limitExceeded("The resource can not have more than " + MOST + " tags.");
    }
    tags.put(arn, after);
  }

  public void remove(String arn, JsonNode keys) {
    keys.forEach(key -> tags.getOrDefault(arn, new TreeMap<>()).remove(key.asText()));
  }

  /** As with a deleted resource. */
  public void forget(String arn) {
    tags.remove(arn);
  }

  public Map<String, String> of(String arn) {
    return tags.getOrDefault(arn, Map.of());
  }

  /** The API's list of keys and values. */
  public ArrayNode list(String arn) {
    ArrayNode list = Json.array();
    of(arn).forEach((key, value) -> list.add(Json.object().put("Key", key).put("Value", value)));
    return list;
  }

  /** Takes the tags out of a creating request. */
  public void take(String arn, ObjectNode request) {
    JsonNode given = request.remove("Tags");
    if (given != null) {
      add(arn, given);
    }
  }
}
