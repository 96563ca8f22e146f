package dev.weir.states.definition;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A state machine that this runner can execute.
 *
 * @param timeout how long an execution may take
 */
public record Definition(Flow flow, Optional<Duration> timeout) {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  /**
   * Reads a definition in the Amazon States Language.
   *
   * @throws InvalidDefinitionException with everything that is wrong with it or not supported
   */
  public static Definition read(String json) {
    Refusals refusals = new Refusals();
    ObjectReader machine = new ObjectReader("/", parse(json, refusals), refusals);
    refusals.end();
    machine.text("Comment");
    machine
        .text("Version")
        .filter(version -> !version.equals("1.0"))
        .ifPresent(version -> machine.refuse("Version", "Must be 1.0"));
    if (!machine.text("QueryLanguage").orElse("JSONPath").equals("JSONata")) {
      machine.refuse("QueryLanguage", "Only JSONata is supported");
    }
    Optional<Duration> timeout =
        machine.whole("TimeoutSeconds", 1, 99_999_999).map(Duration::ofSeconds);
    Flow flow = FlowReader.read(machine);
    machine.end();
    new Scopes(refusals).check(flow);
    refusals.end();
    return new Definition(flow, timeout);
  }

  private static JsonNode parse(String json, Refusals refusals) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      refusals.add("/", e.getOriginalMessage());
      return JSON.createObjectNode();
    }
  }

  /** Every edge that a run can take, in the definition's order. */
  public List<Edge> edges() {
    return flow.all().flatMap(Edge::of).toList();
  }
}
