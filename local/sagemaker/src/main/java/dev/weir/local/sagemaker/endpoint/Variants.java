package dev.weir.local.sagemaker.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.state.Context;
import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.wire.Json;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** An endpoint's production variants, as DescribeEndpoint summarises them. */
final class Variants {
  static final String CURRENT = "CurrentInstanceCount";
  static final String DESIRED = "DesiredInstanceCount";
  static final String WEIGHT = "DesiredWeight";

  private Variants() {}

  /** Of a configuration, none running yet. */
  static ArrayNode of(Context context, JsonNode configured) {
    ArrayNode variants = Json.array();
    configured.forEach(variant -> variants.add(variant(context, variant)));
    return variants;
  }

  private static ObjectNode variant(Context context, JsonNode configured) {
    double weight = configured.path("InitialVariantWeight").asDouble(1);
    ObjectNode variant =
        Json.object()
            .put("VariantName", configured.path("VariantName").asText())
            .put("CurrentWeight", weight)
            .put(WEIGHT, weight);
    if (configured.has("ServerlessConfig")) {
      variant.set("DesiredServerlessConfig", configured.path("ServerlessConfig").deepCopy());
    } else {
      variant.put(CURRENT, 0).put(DESIRED, configured.path("InitialInstanceCount").asInt(1));
      variant.put("InstanceType", configured.path("InstanceType").asText());
    }
    for (String same : Set.of("ManagedInstanceScaling", "RoutingConfig")) {
      if (configured.has(same)) {
        variant.set(same, configured.path(same).deepCopy());
      }
    }
    ArrayNode images = Json.array();
    context
        .registry()
        .find(Kind.MODEL, configured.path("ModelName").asText())
        .map(model -> model.data().path("PrimaryContainer").path("Image").asText())
        .ifPresent(image ->
            images
                .addObject()
                .put("SpecifiedImage", image)
                .put("ResolvedImage", image)
                .put("ResolutionTime", context.time().instant().toString()));
    variant.set("DeployedImages", images);
    return variant;
  }

  /** Gives each the counts and weights that the variant of the same name has now. */
  static void retain(ArrayNode next, JsonNode now, Set<String> excluded) {
    Map<String, JsonNode> before = byName(now);
    for (JsonNode variant : next) {
      Optional.ofNullable(before.get(variant.path("VariantName").asText()))
          .ifPresent(old -> {
            for (String property : Set.of(DESIRED, WEIGHT)) {
              if (!excluded.contains(property) && old.has(property) && variant.has(property)) {
                ((ObjectNode) variant).set(property, old.path(property));
              }
            }
          });
    }
  }

  /** All that was desired runs, but for so many instances of each. */
  static void settle(JsonNode variants, int missing) {
    for (JsonNode each : variants) {
      ObjectNode variant = (ObjectNode) each;
      variant.set("CurrentWeight", variant.path(WEIGHT));
      if (variant.has(DESIRED)) {
        int desired = variant.path(DESIRED).asInt();
        variant.put(CURRENT, Math.max(Math.min(1, desired), desired - missing));
      } else {
        variant.set("CurrentServerlessConfig", variant.path("DesiredServerlessConfig"));
      }
      variant.remove("VariantStatus");
    }
  }

  /** Says of each what is being done to it. */
  static void mark(Context context, JsonNode variants, String status) {
    for (JsonNode variant : variants) {
      ((ObjectNode) variant)
          .putArray("VariantStatus")
          .addObject()
          .put("Status", status)
          .put("StartTime", context.time().instant().toString());
    }
  }

  static Set<String> names(JsonNode variants) {
    return new TreeSet<>(byName(variants).keySet());
  }

  static Map<String, JsonNode> byName(JsonNode variants) {
    return variants
        .valueStream()
        .collect(Collectors.toMap(each -> each.path("VariantName").asText(), each -> each));
  }
}
