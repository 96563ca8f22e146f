package dev.weir.inference;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.admission.TokenEstimate;
import dev.weir.api.ApiError;
import dev.weir.api.EmbeddingListWriter;
import dev.weir.api.EmbeddingRequest;
import dev.weir.api.EmbeddingRequest.Encoding;
import dev.weir.api.EmbeddingRequest.InputType;
import dev.weir.cache.EmbeddingKey;
import dev.weir.door.Problem;
import dev.weir.guard.GuardTrail;
import dev.weir.guard.Guards;
import dev.weir.inference.EmbeddingPlan.Input;
import dev.weir.inference.EmbeddingPlan.Planned;
import dev.weir.route.EmbeddingModel;
import dev.weir.route.ModelCatalog;
import dev.weir.tenant.EstimateMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plans a request for vectors: model, length, guards, bounds, cache. Pure. */
final class EmbeddingPlanner {

  /** Models wrap each text in a few tokens of their own. */
  private static final long PER_INPUT = 4;

  private final ModelCatalog catalog;
  private final TokenEstimate estimate;
  private final Caps caps;
  private final boolean cache;
  private final InputGuard guard;

  /**
   * What one request may ask for at most.
   *
   * @param tokens of all inputs together
   * @param replyBytes of the reply
   */
  record Caps(long tokens, long replyBytes) {}

  EmbeddingPlanner(
      ModelCatalog catalog, TokenEstimate estimate, Caps caps, boolean cache, InputGuard guard) {
    this.catalog = catalog;
    this.estimate = estimate;
    this.caps = caps;
    this.cache = cache;
    this.guard = guard;
  }

  /** The model it asks for, if the catalog has it. */
  Optional<String> model(EmbeddingRequest request) {
    return catalog.findEmbedding(request.model()).map(EmbeddingModel::id);
  }

  /**
   * Plans one request.
   *
   * @param noStore whether the cache must be left alone
   * @param trail where the guards note what they do
   */
  Planned plan(
      String tenantId,
      EmbeddingRequest original,
      EstimateMode mode,
      Optional<String> tenantGuard,
      boolean noStore,
      GuardTrail trail) {
    Optional<EmbeddingModel> found = catalog.findEmbedding(original.model());
    if (found.isEmpty()) {
      return new Planned.Not(
          catalog.find(original.model()).isPresent()
              ? Problem.chatModel(original.model())
              : Problem.unknownModel(original.model()));
    }
    EmbeddingModel model = found.get();
    Optional<ApiError> unable = unable(original, model);
    if (unable.isPresent()) {
      return new Planned.Not(Problem.of(unable.get()));
    }
    return switch (guard.apply(original.body(), "input", model.guard(), tenantGuard, trail)) {
      case InputGuard.Judged.Not(Problem problem) ->
          new Planned.Not(Optional.of(found.get().id()), problem);
      case InputGuard.Judged.Passed(JsonNode body, Guards guards) -> {
        EmbeddingRequest request =
            original.with(body.path("input").valueStream().map(JsonNode::textValue).toList());
        EmbeddingPlan plan =
            plan(tenantId, request, model, mode, noStore, guards, tenantGuard, original);
        yield EmbeddingPlan.tokens(plan.inputs()) > caps.tokens()
            ? refused(
                "input",
                "context_length_exceeded",
                "The inputs (about %d tokens) exceed what one request may hold here (%d). Send fewer at once."
                    .formatted(EmbeddingPlan.tokens(plan.inputs()), caps.tokens()))
            : new Planned.Ready(plan);
      }
    };
  }

  private EmbeddingPlan plan(
      String tenantId,
      EmbeddingRequest request,
      EmbeddingModel model,
      EstimateMode mode,
      boolean noStore,
      Guards guards,
      Optional<String> tenantGuard,
      EmbeddingRequest original) {
    int dimensions = request.dimensions().orElse(model.dimensions().getFirst());
    Optional<InputType> inputType = request.inputType().or(model.family()::inputType);
    List<EmbeddingKey> keys = new ArrayList<>();
    Map<EmbeddingKey, Input> inputs = new LinkedHashMap<>();
    for (String text : request.inputs()) {
      EmbeddingKey key =
          EmbeddingKey.of(tenantId, model, dimensions, inputType, guards.versions(), text);
      keys.add(key);
      inputs.computeIfAbsent(key, _ -> new Input(text, PER_INPUT + estimate.text(text, mode)));
    }
    return new EmbeddingPlan(
        request,
        model,
        dimensions,
        inputType,
        keys,
        inputs,
        cache && !noStore && !model.timeToLive().isZero(),
        guards,
        tenantGuard,
        original);
  }

  private Optional<ApiError> unable(EmbeddingRequest request, EmbeddingModel model) {
    if (request.dimensions().isPresent()
        && !model.dimensions().contains(request.dimensions().getAsInt())) {
      return Optional.of(
          ApiError.invalid(
              "dimensions",
              "invalid_value",
              "The model '%s' has vectors of these dimensions: %s."
                  .formatted(model.id(), model.dimensions())));
    }
    if (request.inputType().isPresent() && model.family().inputType().isEmpty()) {
      return Optional.of(
          ApiError.invalid(
              "input_type",
              "unsupported_parameter",
              "The model '%s' does not tell uses apart.".formatted(model.id())));
    }
    for (int i = 0; i < request.inputs().size(); i++) {
      if (request.inputs().get(i).length() > model.maxCharacters()) {
        return Optional.of(
            ApiError.invalid(
                "input[%d]".formatted(i),
                "context_length_exceeded",
                "The model '%s' takes at most %d characters of one input."
                    .formatted(model.id(), model.maxCharacters())));
      }
    }
    return tooLong(request, model);
  }

  private Optional<ApiError> tooLong(EmbeddingRequest request, EmbeddingModel model) {
    int dimensions = request.dimensions().orElse(model.dimensions().getFirst());
    long bytes = EmbeddingListWriter.bound(request.inputs().size(), dimensions, request.encoding());
    if (bytes <= caps.replyBytes()) {
      return Optional.empty();
    }
    return Optional.of(
        ApiError.invalid(
            "input",
            "reply_too_large",
            "The reply could be larger than %d bytes. Send fewer inputs at once%s."
                .formatted(
                    caps.replyBytes(),
                    request.encoding() == Encoding.FLOAT
                        ? ", or ask for encoding_format base64"
                        : "")));
  }

  private static Planned refused(String param, String code, String message) {
    return new Planned.Not(Problem.of(ApiError.invalid(param, code, message)));
  }
}
