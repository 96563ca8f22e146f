package dev.weir.statemachines.lint;

import dev.weir.local.sagemaker.wire.Service;
import dev.weir.local.sagemaker.wire.ServiceModel;
import dev.weir.local.sagemaker.wire.Shape;
import dev.weir.states.definition.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which members a request must have. The SDK's classes do not tell, so it is read from the models
 * of the local SageMaker world, and for other services from {@code required.properties}.
 */
final class RequiredMembers {
  private static final Map<String, Service> WORLD =
      Map.of(
          "sagemaker", Service.SAGEMAKER,
          "applicationautoscaling", Service.AUTO_SCALING,
          "cloudwatch", Service.CLOUDWATCH);
  private static final Properties OTHERS = others();

  private RequiredMembers() {}

  /**
   * The members that must be there; empty if nothing is known of the operation.
   *
   * @param path of the structure in the request, as {@link Structure} has it
   */
  static Optional<Set<String>> of(Operation operation, String path) {
    Resource resource = operation.resource();
    Service service = WORLD.get(Operation.service(resource));
    return service == null
        ? listed(Operation.service(resource) + "." + resource.action(), path)
        : modelled(service.model(), operation.call().getName(), path);
  }

  private static Optional<Set<String>> listed(String operation, String path) {
    return OTHERS.containsKey(operation)
        ? Optional.of(
            Stream.of(OTHERS.getProperty(operation + path, "").split(","))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet()))
        : Optional.empty();
  }

  private static Optional<Set<String>> modelled(ServiceModel model, String action, String path) {
    String name = Character.toUpperCase(action.charAt(0)) + action.substring(1);
    return model
        .operation(name)
        .map(operation ->
            operation.input().isEmpty()
                ? Set.of()
                : structure(model, model.shape(operation.input()), path).required());
  }

  private static Shape structure(ServiceModel model, Shape request, String path) {
    Shape shape = request;
    for (String member : Arrays.stream(path.split("/")).filter(step -> !step.isEmpty()).toList()) {
      shape = unwrapped(model, model.shape(Objects.requireNonNull(shape.members().get(member))));
    }
    return shape;
  }

  /** What a list or a map holds. */
  private static Shape unwrapped(ServiceModel model, Shape shape) {
    return switch (shape.type()) {
      case LIST -> unwrapped(model, model.shape(shape.member()));
      case MAP -> unwrapped(model, model.shape(shape.value()));
      case STRUCTURE, STRING, INTEGER, LONG, FLOAT, DOUBLE, BOOLEAN, TIMESTAMP, BLOB -> shape;
    };
  }

  private static Properties others() {
    Properties properties = new Properties();
    try (InputStream in = RequiredMembers.class.getResourceAsStream("required.properties")) {
      properties.load(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }
}
