package dev.weir.guard;

import java.util.List;
import java.util.Optional;

/**
 * What is looked for on the way in and out, and what becomes of it. Declared in {@code
 * guards.json}. Immutable.
 */
public final class GuardSet {

  private final String id;
  private final String version;
  private final LocalRules input;
  private final LocalRules output;
  private final OnError onError;
  private final int windowCharacters;
  private final Optional<BedrockPolicy> bedrock;

  /**
   * @param version changes with the declaration and with what its rules look for
   * @param onError what happens to a text on which a local rule fails
   * @param windowCharacters how much of an answer the Bedrock guardrail is shown at once
   */
  GuardSet(
      String id,
      String version,
      LocalRules input,
      LocalRules output,
      OnError onError,
      int windowCharacters,
      Optional<BedrockPolicy> bedrock) {
    this.id = id;
    this.version = version;
    this.input = input;
    this.output = output;
    this.onError = onError;
    this.windowCharacters = windowCharacters;
    this.bedrock = bedrock;
  }

  /** A set that looks for nothing. */
  public static GuardSet none() {
    LocalRules nothing = new LocalRules(List.of());
    return new GuardSet("none", "0", nothing, nothing, OnError.CLOSED, 1_000, Optional.empty());
  }

  public String id() {
    return id;
  }

  /** Twelve hexadecimal digits. */
  public String version() {
    return version;
  }

  public OnError onError() {
    return onError;
  }

  public int windowCharacters() {
    return windowCharacters;
  }

  public Optional<BedrockPolicy> bedrock() {
    return bedrock;
  }

  /** Whether a local rule looks at requests. */
  public boolean looksAtInput() {
    return !input.isEmpty();
  }

  /** Whether a local rule looks at answers. */
  public boolean looksAtOutput() {
    return !output.isEmpty();
  }

  /** Judges a whole text. */
  public Verdict judge(Direction direction, String text) {
    return rules(direction).judge(text);
  }

  /** Judges a whole JSON document by what it says. */
  public Verdict judgeJson(Direction direction, String json) {
    return JsonText.judge(json, rules(direction)::judge);
  }

  /**
   * The rule that finds something which begins in one of these texts and ends in a later one,
   * whether a model reads them one right after the other or line by line.
   */
  Optional<String> across(Direction direction, List<String> texts) {
    LocalRules rules = rules(direction);
    return rules.across(texts, "").or(() -> rules.across(texts, "\n"));
  }

  /** A window over an answer's text. */
  public TextWindow window() {
    return new TextWindow(output);
  }

  private LocalRules rules(Direction direction) {
    return switch (direction) {
      case INPUT -> input;
      case OUTPUT -> output;
    };
  }
}
