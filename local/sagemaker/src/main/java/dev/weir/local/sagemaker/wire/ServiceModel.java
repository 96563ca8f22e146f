package dev.weir.local.sagemaker.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The operations of one service that the world knows, and their shapes (botocore's models). */
public final class ServiceModel {
  private final Map<String, Operation> operations = new HashMap<>();
  private final Map<String, Shape> shapes = new HashMap<>();

  /** One operation and the names of its shapes, empty where it takes or gives nothing. */
  public record Operation(String name, String input, String output) {

    /** Whether it changes the world. */
    public boolean mutates() {
      return !(name.startsWith("Describe") || name.startsWith("List") || name.startsWith("Get"));
    }
  }

  private ServiceModel(JsonNode model) {
    model
        .path("operations")
        .properties()
        .forEach(entry -> operations.put(entry.getKey(), operation(entry)));
    model
        .path("shapes")
        .properties()
        .forEach(entry -> shapes.put(entry.getKey(), Shape.of(entry.getValue())));
  }

  private static Operation operation(Map.Entry<String, JsonNode> entry) {
    return new Operation(
        entry.getKey(),
        entry.getValue().path("input").asText(),
        entry.getValue().path("output").asText());
  }

  static ServiceModel load(String service) {
    try (var in = ServiceModel.class.getResourceAsStream(service + ".json")) {
      return new ServiceModel(Json.read(Objects.requireNonNull(in).readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Optional<Operation> operation(String name) {
    return Optional.ofNullable(operations.get(name));
  }

  /** The names of all operations. */
  public Set<String> operations() {
    return Set.copyOf(operations.keySet());
  }

  /**
   * The shape of that name.
   *
   * @throws IllegalArgumentException there is none
   */
  public Shape shape(String name) {
    Shape shape = shapes.get(name);
    if (shape == null) {
      throw new IllegalArgumentException("no shape " + name);
    }
    return shape;
  }
}
