package dev.weir.api;

import com.fasterxml.jackson.databind.JsonNode;

/** What a text is as JSON, by the rules for bodies. */
public final class JsonTexts {
  private static final StrictJson JSON = new StrictJson(10_000_000);

  private JsonTexts() {}

  /** Whether it is one JSON object. */
  public static boolean isObject(String text) {
    return JSON.parse(text).filter(JsonNode::isObject).isPresent();
  }
}
