package dev.weir.local.sagemaker.state;

import dev.weir.local.sagemaker.wire.ApiError;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All resources by kind and name; those of endpoints without regard to case, as CreateEndpoint has
 * it.
 */
public final class Registry {
  private final Map<Kind, Map<String, Resource>> resources = new EnumMap<>(Kind.class);
  private final Arns arns;

  public Registry(Arns arns) {
    this.arns = arns;
    for (Kind kind : Kind.values()) {
      resources.put(kind, new TreeMap<>());
    }
  }

  public Optional<Resource> find(Kind kind, String name) {
    return Optional.ofNullable(of(kind).get(key(kind, name)));
  }

  /**
   * The resource of that name.
   *
   * @throws ApiError as the service refuses a name it does not know
   */
  public Resource require(Kind kind, String name) {
    return find(kind, name).orElseThrow(() -> missing(kind, name));
  }

  /** All of a kind, by name. */
  public Collection<Resource> all(Kind kind) {
    return List.copyOf(of(kind).values());
  }

  /** The resource with that ARN. */
  public Optional<Resource> byArn(String arn) {
    return resources.values().stream()
        .flatMap(all -> all.values().stream())
        .filter(resource -> resource.arn().equals(arn))
        .findFirst();
  }

  void put(Resource resource) {
    of(resource.kind()).put(key(resource.kind(), resource.name()), resource);
  }

  void remove(Resource resource) {
    of(resource.kind()).remove(key(resource.kind(), resource.name()), resource);
  }

  boolean holds(Resource resource) {
    return of(resource.kind()).get(key(resource.kind(), resource.name())) == resource;
  }

  private Map<String, Resource> of(Kind kind) {
    return resources.computeIfAbsent(kind, _ -> new TreeMap<>());
  }

  private static String key(Kind kind, String name) {
    return kind == Kind.ENDPOINT ? name.toLowerCase(Locale.ROOT) : name;
  }

  /** Most are errors no model names; botocore's waiters rely on {@code ValidationException}. */
  private ApiError missing(Kind kind, String name) {
    String arn = arns.sagemaker(kind, name);
    return switch (kind) {
      case ENDPOINT -> ApiError.validation("Could not find endpoint \"" + arn + "\".");
      case ENDPOINT_CONFIG ->
          ApiError.validation("Could not find endpoint configuration \"" + arn + "\".");
      case MODEL -> ApiError.validation("Could not find model \"" + arn + "\".");
      case INFERENCE_COMPONENT ->
          ApiError.validation("Could not find inference component \"" + arn + "\".");
      case NOTEBOOK_INSTANCE -> ApiError.validation("RecordNotFound");
      case TRAINING_JOB, TRANSFORM_JOB -> ApiError.validation("Requested resource not found.");
      case PROCESSING_JOB -> ApiError.validation("Could not find requested job with name: " + name);
      case MODEL_PACKAGE_GROUP ->
          ApiError.validation("ModelPackageGroup " + arn + " does not exist.");
      case MODEL_PACKAGE -> ApiError.validation("ModelPackage " + name + " does not exist.");
      case DOMAIN -> ApiError.resourceNotFound("Domain " + name + " does not exist.");
      case APP -> ApiError.resourceNotFound("App " + name + " does not exist.");
      case TUNING_JOB, OPTIMIZATION_JOB -> ApiError.resourceNotFound("Job does not exist: " + arn);
    };
  }
}
