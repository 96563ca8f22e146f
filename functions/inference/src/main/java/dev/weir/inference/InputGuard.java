package dev.weir.inference;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.api.ChatRequest;
import dev.weir.api.ChatRequestReader;
import dev.weir.api.Parsed;
import dev.weir.door.Problem;
import dev.weir.guard.GuardBook;
import dev.weir.guard.GuardSet;
import dev.weir.guard.GuardTrail;
import dev.weir.guard.GuardrailRef;
import dev.weir.guard.Guards;
import dev.weir.guard.RequestGuard;
import dev.weir.route.Model;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Finds a request's guards and applies their local rules to it. Pure. */
final class InputGuard {

  /** A masked request may be a little longer than the client's; both were read once. */
  private static final int LONGEST = 64 * 1024 * 1024;

  private final GuardBook book;
  private final Optional<GuardrailRef> guardrail;
  private final ChatRequestReader reader = new ChatRequestReader(LONGEST);

  /** What becomes of a request. */
  sealed interface Outcome {

    record Passed(ChatRequest request, Guards guards) implements Outcome {}

    record Not(Problem problem) implements Outcome {}
  }

  InputGuard(GuardBook book, Optional<GuardrailRef> guardrail) {
    this.book = book;
    this.guardrail = guardrail;
  }

  /** What becomes of a body. */
  sealed interface Judged {

    record Passed(JsonNode body, Guards guards) implements Judged {}

    record Not(Problem problem) implements Judged {}
  }

  /**
   * Applies the model's set, then the tenant's.
   *
   * @param tenantGuard id of the tenant's own set
   */
  Outcome apply(ChatRequest request, Model model, Optional<String> tenantGuard, GuardTrail trail) {
    return switch (apply(request.body(), "messages", model.guard(), tenantGuard, trail)) {
      case Judged.Passed(JsonNode body, Guards guards) ->
          reread(request, body)
              .<Outcome>map(passed -> new Outcome.Passed(passed, guards))
              .orElseGet(() -> new Outcome.Not(Problem.guardUnavailable()));
      case Judged.Not(Problem problem) -> new Outcome.Not(problem);
    };
  }

  /**
   * Applies a model's set, then the tenant's.
   *
   * @param param the field that holds what is judged
   * @param tenantGuard id of the tenant's own set
   */
  Judged apply(
      JsonNode original,
      String param,
      GuardSet modelGuard,
      Optional<String> tenantGuard,
      GuardTrail trail) {
    Optional<GuardSet> own = tenantGuard.flatMap(book::find);
    if (own.isEmpty() && tenantGuard.isPresent()) {
      return new Judged.Not(Problem.guardUnavailable());
    }
    Guards guards = Guards.of(modelGuard, own, guardrail);
    trail.begin(guards);
    return switch (RequestGuard.apply(guards, original, trail)) {
      case RequestGuard.Outcome.Passed(JsonNode body) -> new Judged.Passed(body, guards);
      case RequestGuard.Outcome.Blocked(String set, String rule) ->
          new Judged.Not(Problem.blocked(set, rule, param));
      case RequestGuard.Outcome.Failed _ -> new Judged.Not(Problem.guardUnavailable());
    };
  }

  /** The request with another body; empty if that is invalid. */
  Optional<ChatRequest> reread(ChatRequest request, JsonNode body) {
    if (body == request.body()) {
      return Optional.of(request);
    }
    return switch (reader.read(body.toString().getBytes(StandardCharsets.UTF_8))) {
      case Parsed.Ok<ChatRequest>(ChatRequest passed) -> Optional.of(passed);
      case Parsed.Bad<ChatRequest> _ -> Optional.empty();
    };
  }
}
