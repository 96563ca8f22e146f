package dev.weir.inference;

import dev.weir.api.ApiError;
import dev.weir.door.Problem;
import dev.weir.door.Request;
import dev.weir.endpoint.InferenceEndpoint;
import dev.weir.endpoint.InferenceEndpoint.Mode;
import dev.weir.guard.GuardBook;
import dev.weir.guard.GuardSet;
import dev.weir.guard.Guards;
import dev.weir.inference.EndpointPlan.Planned;
import dev.weir.inference.sagemaker.Objects;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Plans an invocation: mode, content type, routing headers, guards. Pure. */
final class EndpointPlanner {

  static final String MODE = "x-weir-mode";
  static final String INPUT_LOCATION = "x-amzn-sagemaker-inputlocation";
  private static final String VARIANT = "x-amzn-sagemaker-target-variant";
  private static final String COMPONENT = "x-amzn-sagemaker-inference-component";
  private static final String MODEL = "x-amzn-sagemaker-target-model";
  private static final String SESSION = "x-amzn-sagemaker-session-id";
  private static final String ATTRIBUTES = "x-amzn-sagemaker-custom-attributes";

  /** Patterns and lengths of the API reference of SageMaker Runtime. */
  private static final Pattern MODEL_NAME = Pattern.compile("\\S\\p{Print}{0,1023}");

  private static final Pattern SESSION_ID =
      Pattern.compile("NEW_SESSION|[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}");
  private static final Pattern ATTRIBUTE_TEXT = Pattern.compile("\\p{Print}{0,1024}");
  private static final Pattern TYPE = Pattern.compile("[!-~][ -~]{0,255}");

  private final GuardBook guards;

  /** Stops the planning. */
  private static final class Stop extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Problem problem;

    private Stop(Problem problem) {
      super(problem.error().code(), null, false, false);
      this.problem = problem;
    }
  }

  EndpointPlanner(GuardBook guards) {
    this.guards = guards;
  }

  /**
   * Plans one request.
   *
   * @param ownInputs where the tenant may put inputs itself; keys begin with it
   * @param objects knows which addresses are in the stack's bucket
   */
  Planned plan(
      Request request,
      InferenceEndpoint endpoint,
      Optional<String> tenantGuard,
      String ownInputs,
      Optional<Objects> objects) {
    Optional<GuardSet> own = tenantGuard.flatMap(guards::find);
    if (own.isEmpty() && tenantGuard.isPresent()) {
      return new Planned.Not(Problem.guardUnavailable());
    }
    try {
      Mode mode = mode(request, endpoint);
      String type = request.header("content-type").orElse("application/octet-stream");
      Optional<String> input = input(request, mode, ownInputs, objects);
      body(request, endpoint, type, input);
      return new Planned.Ready(
          new EndpointPlan(
              endpoint,
              mode,
              headers(request, endpoint, mode),
              type,
              input,
              Guards.of(endpoint.guard(), own, Optional.empty()),
              tenantGuard));
    } catch (Stop stop) {
      return new Planned.Not(stop.problem);
    }
  }

  private static Mode mode(Request request, InferenceEndpoint endpoint) throws Stop {
    String asked = request.header(MODE).orElseGet(() -> endpoint.modes().iterator().next().text());
    Mode mode =
        Arrays.stream(Mode.values())
            .filter(known -> known.text().equals(asked) && endpoint.modes().contains(known))
            .findFirst()
            .orElseThrow(() ->
                invalid(
                    MODE,
                    "must be one of %s for this endpoint"
                        .formatted(endpoint.modes().stream().map(Mode::text).toList())));
    if (mode == Mode.STREAM && request.header("idempotency-key").isPresent()) {
      throw invalid("idempotency-key", "cannot be used with a stream of bytes, which is not kept");
    }
    return mode;
  }

  private static Optional<String> input(
      Request request, Mode mode, String ownInputs, Optional<Objects> objects) throws Stop {
    Optional<String> location = request.header(INPUT_LOCATION);
    if (location.isPresent() && mode != Mode.ASYNC) {
      throw invalid(INPUT_LOCATION, "belongs to x-weir-mode: async");
    }
    if (mode == Mode.ASYNC && objects.isEmpty()) {
      throw invalid(MODE, "cannot be async: this stack has no bucket for it");
    }
    if (location.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> key =
        objects
            .flatMap(bucket -> bucket.key(location.get()))
            .filter(inside -> inside.startsWith(ownInputs));
    if (key.isEmpty()) {
      throw invalid(
          INPUT_LOCATION,
          "must be below " + objects.map(bucket -> bucket.location(ownInputs)).orElse(""));
    }
    return key;
  }

  private static void body(
      Request request, InferenceEndpoint endpoint, String type, Optional<String> input)
      throws Stop {
    if (input.isPresent() && request.body().length > 0) {
      throw invalid(INPUT_LOCATION, "and a body exclude each other");
    }
    if (request.body().length > endpoint.maxBodyBytes()) {
      throw new Stop(
          Problem.of(
              new ApiError(
                  413,
                  "invalid_request_error",
                  "request_too_large",
                  "This endpoint takes bodies of %d bytes at most."
                      .formatted(endpoint.maxBodyBytes()),
                  Optional.empty())));
    }
    String plain = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!TYPE.matcher(type).matches()
        || (!endpoint.contentTypes().isEmpty() && !endpoint.contentTypes().contains(plain))) {
      throw invalid("content-type", "must be one of " + endpoint.contentTypes());
    }
  }

  /** Only what the operation has a place for, and the endpoint allows; nothing else passes. */
  private static Map<String, String> headers(Request request, InferenceEndpoint endpoint, Mode mode)
      throws Stop {
    Map<String, String> headers = new TreeMap<>();
    boolean isAsync = mode == Mode.ASYNC;
    put(headers, request, VARIANT, !isAsync, endpoint.variants()::contains, endpoint.variants());
    put(
        headers,
        request,
        COMPONENT,
        !isAsync,
        endpoint.components()::contains,
        endpoint.components());
    if (!isAsync && !endpoint.components().isEmpty() && !headers.containsKey(COMPONENT)) {
      throw invalid(COMPONENT, "must be one of " + endpoint.components());
    }
    put(
        headers,
        request,
        MODEL,
        endpoint.models() && mode == Mode.SYNC,
        MODEL_NAME.asMatchPredicate(),
        MODEL_NAME);
    put(
        headers,
        request,
        SESSION,
        endpoint.sessions() && !isAsync,
        id -> SESSION_ID.matcher(id).matches() && (mode == Mode.SYNC || !id.equals("NEW_SESSION")),
        SESSION_ID);
    put(headers, request, ATTRIBUTES, true, ATTRIBUTE_TEXT.asMatchPredicate(), ATTRIBUTE_TEXT);
    Optional<String> accept = request.header("accept").filter(TYPE.asMatchPredicate());
    accept.ifPresent(
        types -> headers.put(mode == Mode.SYNC ? "accept" : "x-amzn-sagemaker-accept", types));
    return headers;
  }

  private static void put(
      Map<String, String> headers,
      Request request,
      String name,
      boolean isOffered,
      Predicate<String> isAllowed,
      Object allowed)
      throws Stop {
    Optional<String> value = request.header(name);
    if (value.isEmpty()) {
      return;
    }
    if (!isOffered || !isAllowed.test(value.get())) {
      throw invalid(
          name,
          isOffered
              ? "must be one of or match " + allowed
              : "is not offered by this endpoint here");
    }
    headers.put(name, value.get());
  }

  private static Stop invalid(String header, String what) {
    return new Stop(
        Problem.of(ApiError.invalid(header, "invalid_value", "%s %s.".formatted(header, what))));
  }
}
