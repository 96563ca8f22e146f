package dev.weir.local.sagemaker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.fault.CallFault;
import dev.weir.local.sagemaker.fault.Condition;
import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.fault.FaultKind;
import dev.weir.local.sagemaker.fault.Faults;
import dev.weir.local.sagemaker.wire.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Faults as people write and read them. */
final class FaultText {
  private static final Set<String> MEMBERS =
      Set.of("kind", "operation", "resource", "times", "share", "seconds", "delaySeconds");
  private static final List<FaultKind> KINDS =
      Stream.<FaultKind[]>of(CallFault.values(), Course.values(), Condition.values())
          .flatMap(Stream::of)
          .toList();

  private FaultText() {}

  /**
   * Reads a fault.
   *
   * @throws IllegalArgumentException says what is wrong with it
   */
  static Fault read(JsonNode json, Instant now) {
    for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!MEMBERS.contains(name)) {
        throw new IllegalArgumentException("a fault has " + MEMBERS + ", not " + name);
      }
    }
    String kind = json.path("kind").asText();
    return new Fault(
        KINDS.stream()
            .filter(each -> each.name().equals(kind))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("kind is one of " + KINDS)),
        json.path("operation").asText(Fault.ANY),
        json.path("resource").asText(Fault.ANY),
        json.path("times").asInt(0),
        json.path("share").asDouble(1),
        seconds(json, "seconds").map(now::plus),
        seconds(json, "delaySeconds"));
  }

  private static Optional<Duration> seconds(JsonNode json, String member) {
    return json.has(member)
        ? Optional.of(Duration.ofSeconds(json.path(member).asLong()))
        : Optional.empty();
  }

  static ObjectNode json(Faults.Standing standing) {
    Fault fault = standing.fault();
    ObjectNode json =
        Json.object()
            .put("kind", fault.kind().name())
            .put("operation", fault.operation())
            .put("resource", fault.resource())
            .put("share", fault.share())
            .put("hits", standing.hits());
    if (fault.times() > 0) {
      json.put("left", standing.left());
    }
    fault.until().ifPresent(until -> json.put("until", until.toString()));
    fault.delay().ifPresent(delay -> json.put("delaySeconds", delay.toSeconds()));
    return json;
  }
}
