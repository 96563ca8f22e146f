package dev.weir.route;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A SageMaker endpoint that speaks chat completions, as a target's id has it: {@code
 * sagemaker/<endpoint>} or {@code sagemaker/<endpoint>/<component>}.
 *
 * @param component the inference component to ask, where the endpoint has some
 */
public record SageMakerTarget(String endpoint, Optional<String> component) {

  static final String PREFIX = "sagemaker/";

  /** What a container may speak: chat completions as vLLM, LMI and TGI serve them. */
  private static final List<String> DIALECTS = List.of("openai");

  private static final String NAME = "[a-zA-Z0-9](?:-*[a-zA-Z0-9]){0,62}";
  private static final Pattern ID = Pattern.compile(PREFIX + "(" + NAME + ")(?:/(" + NAME + "))?");

  /**
   * Reads a target's id.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static SageMakerTarget parse(String id) {
    Matcher matcher = ID.matcher(id);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "must be sagemaker/<endpoint> or sagemaker/<endpoint>/<component>, not " + id);
    }
    return new SageMakerTarget(matcher.group(1), Optional.ofNullable(matcher.group(2)));
  }

  /**
   * Checks a row of the catalog whose target may be one of these.
   *
   * @throws IllegalArgumentException naming the key and what it may be
   */
  static void check(JsonNode row, String where, String model) {
    String id = row.path("target").asText();
    boolean isOne = id.startsWith(PREFIX);
    try {
      if (isOne) {
        parse(id);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "models.json: %starget of %s %s".formatted(where, model, e.getMessage()), e);
    }
    if (isOne && !DIALECTS.contains(row.path("dialect").asText())) {
      throw new IllegalArgumentException(
          "models.json: %sdialect of %s must be one of %s".formatted(where, model, DIALECTS));
    }
    if (!isOne && row.has("dialect")) {
      throw new IllegalArgumentException(
          "models.json: %sdialect of %s belongs to SageMaker targets".formatted(where, model));
    }
  }
}
