package dev.weir.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What an authorizer's policy allows; a denial wins over any permission. */
record Policy(JsonNode document) {
  private static final String ACTION = "execute-api:Invoke";

  boolean allows(String methodArn) {
    return statements(methodArn).anyMatch(it -> it.path("Effect").asText().equals("Allow"))
        && statements(methodArn).noneMatch(it -> it.path("Effect").asText().equals("Deny"));
  }

  private Stream<JsonNode> statements(String methodArn) {
    return each(document.path("Statement"))
        .filter(it -> each(it.path("Action")).anyMatch(action -> matches(action, ACTION)))
        .filter(it -> each(it.path("Resource")).anyMatch(arn -> matches(arn, methodArn)));
  }

  private static Stream<JsonNode> each(JsonNode node) {
    return node.isArray() ? StreamSupport.stream(node.spliterator(), false) : Stream.of(node);
  }

  private static boolean matches(JsonNode pattern, String text) {
    var regex =
        pattern
            .asText()
            .chars()
            .mapToObj(c ->
                switch (c) {
                  case '*' -> ".*";
                  case '?' -> ".";
                  default -> Pattern.quote(Character.toString(c));
                })
            .collect(Collectors.joining());
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE).matcher(text).matches();
  }
}
