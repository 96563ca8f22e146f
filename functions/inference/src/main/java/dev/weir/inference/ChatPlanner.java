package dev.weir.inference;

import dev.weir.admission.TokenEstimate;
import dev.weir.api.ApiError;
import dev.weir.api.ChatRequest;
import dev.weir.door.Problem;
import dev.weir.guard.GuardTrail;
import dev.weir.guard.Guards;
import dev.weir.inference.ChatPlan.Planned;
import dev.weir.route.Cascade;
import dev.weir.route.Model;
import dev.weir.route.ModelCatalog;
import dev.weir.route.PromptCache;
import dev.weir.route.Signal;
import dev.weir.route.Tier;
import dev.weir.tenant.EstimateMode;
import java.util.Optional;

/** Plans a chat completion: model, caps, bounds, cache. Pure. */
final class ChatPlanner {

  private final ModelCatalog catalog;
  private final TokenEstimate estimate;
  private final long maxPromptTokens;
  private final long maxOutputTokens;
  private final boolean cache;
  private final InputGuard guard;

  ChatPlanner(
      ModelCatalog catalog,
      TokenEstimate estimate,
      long maxPromptTokens,
      long maxOutputTokens,
      boolean cache,
      InputGuard guard) {
    this.catalog = catalog;
    this.estimate = estimate;
    this.maxPromptTokens = maxPromptTokens;
    this.maxOutputTokens = maxOutputTokens;
    this.cache = cache;
    this.guard = guard;
  }

  /** The model it asks for, if the catalog has it. */
  Optional<String> model(ChatRequest request) {
    return catalog.find(request.model()).map(Model::id);
  }

  /**
   * Plans one request.
   *
   * @param tenantGuard the tenant's own guard set
   * @param noStore whether the client forbids the cache
   * @param tier {@code x-weir-tier}, which only a cascade that hears the client looks at
   * @param trail where the guards note what they do
   */
  Planned plan(
      ChatRequest original,
      EstimateMode mode,
      Optional<String> tenantGuard,
      boolean noStore,
      Optional<String> tier,
      GuardTrail trail) {
    Optional<Model> found = catalog.find(original.model());
    if (found.isEmpty()) {
      return new Planned.Not(
          catalog.findEmbedding(original.model()).isPresent()
              ? Problem.embeddingModel(original.model())
              : Problem.unknownModel(original.model()));
    }
    return switch (guard.apply(original, found.get(), tenantGuard, trail)) {
      case InputGuard.Outcome.Not(Problem problem) ->
          new Planned.Not(Optional.of(found.get().id()), problem);
      case InputGuard.Outcome.Passed(ChatRequest request, Guards guards) ->
          plan(request, found.get(), mode, noStore, tier, guards, tenantGuard, original);
    };
  }

  private Planned plan(
      ChatRequest request,
      Model model,
      EstimateMode mode,
      boolean noStore,
      Optional<String> tier,
      Guards guards,
      Optional<String> tenantGuard,
      ChatRequest original) {
    Optional<ApiError> unable = unable(request, model);
    if (unable.isPresent()) {
      return new Planned.Not(Problem.of(unable.get()));
    }
    Optional<String> asked = tier.or(() -> metadataTier(original));
    boolean isHeard = model.cascade().filter(Cascade::hearsClient).isPresent();
    if (isHeard && asked.isPresent() && Tier.find(asked.get()).isEmpty()) {
      return refused(
          "x-weir-tier", "invalid_value", "The tier must be one of " + Tier.texts() + ".");
    }
    long most = Math.min(model.maxOutputTokens(), maxOutputTokens);
    long maxTokens = request.maxTokens().orElse(Math.min(model.defaultOutputTokens(), most));
    if (maxTokens > most) {
      String field = capField(request);
      return refused(
          field,
          "invalid_value",
          "%s is too large: %d. The model '%s' writes at most %d here."
              .formatted(field, maxTokens, model.id(), most));
    }
    long promptTokens = estimate.prompt(request, mode);
    if (promptTokens > maxPromptTokens || promptTokens + maxTokens > model.contextTokens()) {
      return refused(
          "messages",
          "context_length_exceeded",
          "The prompt (about %d tokens) and max_tokens (%d) exceed what the model '%s' takes here (%d). Shorten one of them."
              .formatted(
                  promptTokens,
                  maxTokens,
                  model.id(),
                  Math.min(model.contextTokens(), maxPromptTokens + most)));
    }
    PlannedRetrieval retrieval = PlannedRetrieval.of(model, request);
    if (promptTokens + retrieval.tokens() > maxPromptTokens
        || promptTokens + retrieval.tokens() + maxTokens > model.contextTokens()) {
      retrieval = retrieval.without("prompt too long");
    }
    boolean cacheable = cache && !noStore && cacheable(request, model);
    return new Planned.Ready(
        new ChatPlan(
            request,
            model,
            maxTokens,
            promptTokens,
            model.fallback().attempts() - 1,
            Optional.empty(),
            cacheable,
            guards,
            tenantGuard,
            retrieval,
            original,
            model
                .cascade()
                .map(cascade ->
                    CascadePlan.of(
                        cascade,
                        new Signal.Question(request, promptTokens, asked.flatMap(Tier::find))))));
  }

  private static Optional<String> metadataTier(ChatRequest request) {
    return Optional.ofNullable(request.body().path("metadata").path("weir_tier").textValue());
  }

  /** The name under which the client sent its cap. */
  private static String capField(ChatRequest request) {
    return request.body().hasNonNull("max_completion_tokens")
        ? "max_completion_tokens"
        : "max_tokens";
  }

  private static Optional<ApiError> unable(ChatRequest request, Model model) {
    if (!model.tools() && !request.tools().isEmpty()) {
      return Optional.of(
          ApiError.invalid(
              "tools",
              "unsupported_parameter",
              "The model '%s' cannot call tools.".formatted(model.id())));
    }
    if (hasImage(request) && !model.images()) {
      return Optional.of(
          ApiError.invalid(
              "messages",
              "unsupported_content",
              "The model '%s' cannot read images.".formatted(model.id())));
    }
    PromptCache promptCache = model.promptCache();
    if (promptCache.used(request) > promptCache.points()) {
      return Optional.of(
          ApiError.invalid(
              "messages",
              "invalid_value",
              "The request has %d cache points ('cache_control'). The model '%s' takes at most %d."
                  .formatted(promptCache.used(request), model.id(), promptCache.points())));
    }
    return Optional.empty();
  }

  static boolean hasImage(ChatRequest request) {
    return request.messages().stream()
        .anyMatch(message ->
            message instanceof ChatRequest.UserMessage user
                && user.parts().stream().anyMatch(ChatRequest.ImagePart.class::isInstance));
  }

  private static boolean cacheable(ChatRequest request, Model model) {
    return switch (model.cache().mode()) {
      case OFF -> false;
      case ALWAYS -> true;
      case DETERMINISTIC -> request.temperature().orElse(1) == 0;
    };
  }

  private static Planned refused(String param, String code, String message) {
    return new Planned.Not(Problem.of(ApiError.invalid(param, code, message)));
  }
}
