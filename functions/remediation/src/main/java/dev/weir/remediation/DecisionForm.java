package dev.weir.remediation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.remedy.approval.Decision.Verdict;
import dev.weir.remedy.page.ApprovalPage;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The approval page's form as a browser sends it (WHATWG URL, urlencoded), read strictly. */
sealed interface DecisionForm {

  /** Longest body in bytes: every character of name and comment escaped. */
  int LONGEST = 8192;

  Set<String> FIELDS = Set.of("decision", "name", "comment");

  /** A form that decides. */
  record Filled(Verdict verdict, String name, String comment) implements DecisionForm {}

  /** One that does not, and why. */
  record Wrong(String message) implements DecisionForm {}

  static DecisionForm read(byte[] body) {
    Map<String, String> fields = new HashMap<>();
    for (String pair : new String(body, ISO_8859_1).split("&", -1)) {
      String[] parts = pair.split("=", 2);
      Optional<String> name = decoded(parts[0]);
      Optional<String> value = decoded(parts.length == 2 ? parts[1] : "");
      if (name.isEmpty() || value.isEmpty()) {
        return new Wrong("The form is not encoded as browsers encode forms.");
      }
      if (!FIELDS.contains(name.get()) || fields.put(name.get(), value.get()) != null) {
        return new Wrong("The form has the fields decision, name and comment, each once.");
      }
    }
    return checked(fields);
  }

  private static DecisionForm checked(Map<String, String> fields) {
    String name = fields.getOrDefault("name", "").strip();
    String comment = fields.getOrDefault("comment", "").replace("\r\n", "\n").strip();
    if (name.isEmpty() || length(name) > ApprovalPage.LONGEST_NAME || hasControls(name, "")) {
      return new Wrong(
          "Give your name, in at most %d characters.".formatted(ApprovalPage.LONGEST_NAME));
    }
    if (length(comment) > ApprovalPage.LONGEST_COMMENT || hasControls(comment, "\n")) {
      return new Wrong(
          "The comment has at most %d characters.".formatted(ApprovalPage.LONGEST_COMMENT));
    }
    return switch (fields.getOrDefault("decision", "")) {
      case "approve" -> new Filled(Verdict.APPROVE, name, comment);
      case "deny" -> new Filled(Verdict.DENY, name, comment);
      default -> new Wrong("The decision is approve or deny.");
    };
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static boolean hasControls(String text, String except) {
    return text.chars().anyMatch(c -> Character.isISOControl(c) && except.indexOf(c) < 0);
  }

  /** Empty where an escape is broken. */
  private static Optional<String> decoded(String text) {
    try {
      return Optional.of(URLDecoder.decode(text, UTF_8));
    } catch (IllegalArgumentException broken) {
      return Optional.empty();
    }
  }
}
