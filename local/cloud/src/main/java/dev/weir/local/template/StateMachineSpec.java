package dev.weir.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One state machine of the template.
 *
 * @param definition its file's text, with the substitutions put in
 */
public record StateMachineSpec(String name, String definition, String roleArn) {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Za-z0-9_.:-]+)}");

  static StateMachineSpec read(String name, JsonNode properties, Path folder) {
    if (!properties.path("DefinitionUri").isTextual()) {
      throw new IllegalArgumentException("state machine " + name + " has no DefinitionUri");
    }
    var substitutions = properties.path("DefinitionSubstitutions");
    try {
      var text = Files.readString(folder.resolve(properties.get("DefinitionUri").asText()));
      var definition =
          PLACEHOLDER
              .matcher(text)
              .replaceAll(
                  match -> Matcher.quoteReplacement(value(name, substitutions, match.group(1))));
      return new StateMachineSpec(name, definition, properties.path("Role").asText());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The service would leave it as it is, which no machine here is meant to do. */
  private static String value(String machine, JsonNode substitutions, String key) {
    if (!substitutions.has(key)) {
      throw new IllegalArgumentException(
          "state machine " + machine + ": no substitution for " + key);
    }
    return substitutions.get(key).asText();
  }
}
