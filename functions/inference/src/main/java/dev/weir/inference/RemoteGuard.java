package dev.weir.inference;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.api.ChatRequest;
import dev.weir.door.Problem;
import dev.weir.guard.BedrockPolicy;
import dev.weir.guard.Direction;
import dev.weir.guard.GuardTrail;
import dev.weir.guard.Guardrail;
import dev.weir.guard.Guardrail.Assessment;
import dev.weir.guard.GuardrailRef;
import dev.weir.guard.Guards;
import dev.weir.guard.Masks;
import dev.weir.guard.OnError;
import dev.weir.guard.RequestText;
import dev.weir.ledger.Cost;
import dev.weir.ledger.TextUnits;
import dev.weir.route.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Shows requests and answers to the Bedrock guardrail, bounded in time, and counts what it costs.
 */
final class RemoteGuard {

  /** Bedrock takes 25 text units at once by default. */
  private static final int MOST_CHARACTERS = 20_000;

  /** How much of a long text is shown twice, so that nothing hides where it is cut. */
  static final int OVERLAP = 200;

  private static final int UNIT = 1_000;

  /** Characters of a generated token, generously. */
  private static final int TOKEN = 6;

  private final Guardrail guardrail;
  private final InputGuard input;

  /** What becomes of an admitted request. */
  sealed interface Outcome {

    record Passed(ChatRequest request) implements Outcome {}

    /**
     * @param name how the row calls it
     */
    record Not(Problem problem, String name) implements Outcome {}
  }

  /** What becomes of a piece of text. */
  sealed interface Judged {

    record Passed(Masks masks) implements Judged {}

    record Blocked() implements Judged {}

    record Failed() implements Judged {}
  }

  RemoteGuard(Guardrail guardrail, InputGuard input) {
    this.guardrail = guardrail;
    this.input = input;
  }

  /** The most the guardrail may cost for a request, what is retrieved for it, and its answer. */
  static Cost bound(Guards guards, ChatRequest request, long retrievedTokens, long maxTokens) {
    long pico =
        inputBound(
                guards,
                RequestText.texts(request.body()),
                Math.ceilDiv(retrievedTokens * TOKEN, UNIT))
            .picoUsd();
    if (guards.bedrock(Direction.OUTPUT).isPresent()) {
      int window = guards.windowCharacters();
      long windows = Math.ceilDiv(maxTokens * TOKEN, window - OVERLAP) + 3;
      long units = Math.multiplyExact(windows, Math.ceilDiv(window, UNIT));
      pico += guards.bedrock(Direction.OUTPUT).get().price().bound(units).picoUsd();
    }
    return new Cost(pico);
  }

  /** The most the guardrail may cost for these texts on their way in. */
  static Cost inputBound(Guards guards, List<String> texts) {
    return inputBound(guards, texts, 0);
  }

  private static Cost inputBound(Guards guards, List<String> texts, long moreUnits) {
    if (guards.bedrock(Direction.INPUT).isEmpty()) {
      return Cost.ZERO;
    }
    long units = 1 + moreUnits;
    for (String text : texts) {
      units += Math.ceilDiv(text.length() + text.length() / 50, UNIT);
    }
    return guards.bedrock(Direction.INPUT).get().price().bound(units);
  }

  /** What becomes of texts on their way in. */
  sealed interface Screened {

    /**
     * They may go on.
     *
     * @param masks what is to be masked in them
     */
    record Passed(Masks masks) implements Screened {}

    /**
     * @param name how the row calls it
     */
    record Not(Problem problem, String name) implements Screened {}
  }

  /** Shows it a request, where a set of its guards wants that. */
  Outcome request(ChatRequest request, Guards guards, GuardTrail trail, Deadline deadline) {
    List<String> texts = RequestText.texts(request.body());
    return switch (screen(texts, "messages", guards, trail, deadline)) {
      case Screened.Not(Problem problem, String name) -> new Outcome.Not(problem, name);
      case Screened.Passed(Masks masks) when masks.equals(Masks.NONE) ->
          new Outcome.Passed(request);
      case Screened.Passed(Masks masks) -> masked(request, masks, trail);
    };
  }

  private Outcome masked(ChatRequest request, Masks masks, GuardTrail trail) {
    Optional<JsonNode> body = RequestText.masked(request.body(), masks);
    if (body.isEmpty()) {
      trail.blocked(Direction.INPUT, "bedrock");
      return new Outcome.Not(Problem.blocked("bedrock", "bedrock", "messages"), "guard_blocked");
    }
    return input
        .reread(request, body.get())
        .<Outcome>map(Outcome.Passed::new)
        .orElseGet(() -> new Outcome.Not(Problem.guardUnavailable(), "guard_unavailable"));
  }

  /**
   * Shows it texts on their way in, where a set of their guards wants that.
   *
   * @param param the field that holds them
   */
  Screened screen(
      List<String> texts, String param, Guards guards, GuardTrail trail, Deadline deadline) {
    if (guards.bedrock(Direction.INPUT).isEmpty()) {
      return new Screened.Passed(Masks.NONE);
    }
    Map<String, String> masks = new HashMap<>();
    for (List<String> batch : batches(texts)) {
      switch (judge(Direction.INPUT, batch, guards, trail, deadline)) {
        case Judged.Passed(Masks found) -> masks.putAll(found.placeholders());
        case Judged.Blocked _ -> {
          return new Screened.Not(Problem.blocked("bedrock", "bedrock", param), "guard_blocked");
        }
        case Judged.Failed _ -> {
          return new Screened.Not(Problem.guardUnavailable(), "guard_unavailable");
        }
      }
    }
    return new Screened.Passed(new Masks(masks));
  }

  /** Shows it texts. Notes on the trail what it did and cost. */
  Judged judge(
      Direction direction, List<String> texts, Guards guards, GuardTrail trail, Deadline deadline) {
    BedrockPolicy policy = guards.bedrock(direction).orElseThrow();
    GuardrailRef ref = guards.guardrail().orElseThrow();
    Duration left = deadline.remaining();
    Duration timeout = left.compareTo(policy.timeout()) < 0 ? left : policy.timeout();
    return switch (guardrail.apply(ref, direction, texts, timeout)) {
      case Assessment.Clean(TextUnits units) -> {
        trail.spent(policy.price().of(units));
        yield new Judged.Passed(Masks.NONE);
      }
      case Assessment.Sensitive(Masks masks, TextUnits units) -> {
        trail.spent(policy.price().of(units));
        if (texts.stream().noneMatch(masks::touch)) {
          // It masked something we cannot find: what it wants hidden cannot be let through.
          trail.blocked(direction, "bedrock");
          yield new Judged.Blocked();
        }
        trail.masked(direction, "bedrock");
        yield new Judged.Passed(masks);
      }
      case Assessment.Refused(TextUnits units) -> {
        trail.spent(policy.price().of(units));
        trail.blocked(direction, "bedrock");
        yield new Judged.Blocked();
      }
      case Assessment.Failed(String detail) -> {
        trail.failed(detail);
        if (policy.onError() == OnError.OPEN) {
          trail.bypassed(direction, "bedrock");
          yield new Judged.Passed(Masks.NONE);
        }
        trail.unavailable(direction, "bedrock");
        yield new Judged.Failed();
      }
    };
  }

  private static List<List<String>> batches(List<String> texts) {
    List<List<String>> batches = new ArrayList<>();
    List<String> batch = new ArrayList<>();
    int characters = 0;
    for (String text : texts) {
      for (String piece : pieces(text)) {
        if (characters + piece.length() > MOST_CHARACTERS) {
          batches.add(batch);
          batch = new ArrayList<>();
          characters = 0;
        }
        batch.add(piece);
        characters += piece.length();
      }
    }
    batches.add(batch);
    batches.removeIf(List::isEmpty);
    return batches;
  }

  private static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    int start = 0;
    for (; text.length() - start > MOST_CHARACTERS; start += MOST_CHARACTERS - OVERLAP) {
      pieces.add(text.substring(start, start + MOST_CHARACTERS));
    }
    pieces.add(text.substring(start));
    return pieces;
  }
}
