package dev.weir.states;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The tokens that tasks wait for. A token says which execution issued it. */
final class TaskTokens {
  private final Map<String, TaskAttempt> waiting = new HashMap<>();
  private long issued;

  String issue(String executionArn) {
    String text = executionArn + "#" + ++issued;
    return Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  void await(String token, TaskAttempt attempt) {
    waiting.put(token, attempt);
  }

  void forget(String token) {
    waiting.remove(token);
  }

  Optional<TaskAttempt> waiting(String token) {
    return Optional.ofNullable(waiting.get(token));
  }

  /** The execution that issued a token; empty if the text is none. */
  static Optional<String> issuer(String token) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      int end = text.lastIndexOf('#');
      return end < 0 ? Optional.empty() : Optional.of(text.substring(0, end));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
