package dev.weir.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.guard.GuardBook;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The endpoints clients may name, read once from {@code endpoints.json}. Immutable. */
public final class EndpointCatalog {
  private static final String FILE = "endpoints.json";

  private final Map<String, InferenceEndpoint> endpoints;

  private EndpointCatalog(Map<String, InferenceEndpoint> endpoints) {
    this.endpoints = Collections.unmodifiableMap(endpoints);
  }

  /**
   * Reads {@code endpoints.json} of a folder; without one there are none.
   *
   * @throws IllegalArgumentException naming the endpoint and field that is wrong and what is
   *     allowed
   */
  public static EndpointCatalog read(Path folder, GuardBook guards) {
    Map<String, InferenceEndpoint> endpoints = new LinkedHashMap<>();
    for (JsonNode row : rows(folder.resolve(FILE))) {
      InferenceEndpoint endpoint = new EndpointReader(row, guards).read();
      if (endpoints.put(endpoint.id(), endpoint) != null) {
        throw new IllegalArgumentException(FILE + ": id " + endpoint.id() + " appears twice");
      }
    }
    return new EndpointCatalog(endpoints);
  }

  private static JsonNode rows(Path file) {
    ObjectMapper mapper = new ObjectMapper();
    if (!Files.exists(file)) {
      return mapper.createArrayNode();
    }
    try {
      return mapper.readTree(Files.readAllBytes(file)).path("endpoints");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  public Optional<InferenceEndpoint> find(String id) {
    return Optional.ofNullable(endpoints.get(id));
  }

  /** All ids, in the file's order. */
  public Set<String> ids() {
    return endpoints.keySet();
  }
}
