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
import dev.weir.local.sagemaker.wire.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Faults as people write and read them. */
final class FaultText {
  private static final long MOST_TIMES = 1_000_000;
  private static final long MOST_SECONDS = Duration.ofDays(366).toSeconds();
  private static final Set<String> MEMBERS =
      new TreeSet<>(
          Set.of("kind", "operation", "resource", "times", "share", "seconds", "delaySeconds"));
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
        operation(json.path("operation")),
        json.path("resource").asText(Fault.ANY),
        (int) whole(json, "times", MOST_TIMES).orElse(0),
        share(json.path("share")),
        seconds(json, "seconds").map(now::plus),
        seconds(json, "delaySeconds"));
  }

  private static Optional<Duration> seconds(JsonNode json, String member) {
    OptionalLong seconds = whole(json, member, MOST_SECONDS);
    return seconds.isPresent()
        ? Optional.of(Duration.ofSeconds(seconds.getAsLong()))
        : Optional.empty();
  }

  private static OptionalLong whole(JsonNode json, String member, long most) {
    if (!json.has(member)) {
      return OptionalLong.empty();
    }
    JsonNode value = json.path(member);
    if (!value.isIntegralNumber() || value.asLong() < 1 || value.asLong() > most) {
      throw new IllegalArgumentException(member + " is a whole number from 1 to " + most);
    }
    return OptionalLong.of(value.asLong());
  }

  private static double share(JsonNode share) {
    if (share.isMissingNode()) {
      return 1;
    }
    if (!share.isNumber() || share.asDouble() <= 0 || share.asDouble() > 1) {
      throw new IllegalArgumentException("share is a number above 0, up to 1");
    }
    return share.asDouble();
  }

  private static String operation(JsonNode operation) {
    String name = operation.asText(Fault.ANY);
    if (!name.equals(Fault.ANY)
        && Arrays.stream(Service.values())
            .noneMatch(service -> service.model().operation(name).isPresent())) {
      throw new IllegalArgumentException(
          "operation is * or one that the world knows, such as UpdateEndpoint, not " + name);
    }
    return name;
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
