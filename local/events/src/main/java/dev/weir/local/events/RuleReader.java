package dev.weir.local.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a rule from CloudFormation's properties, which are PutRule's and PutTargets' words. */
final class RuleReader {
  private static final Set<String> RULE =
      Set.of(
          "Name",
          "Description",
          "Tags",
          "State",
          "EventBusName",
          "EventPattern",
          "ScheduleExpression",
          "RoleArn",
          "Targets");
  private static final Set<String> TARGET =
      Set.of(
          "Id",
          "Arn",
          "RoleArn",
          "Input",
          "InputPath",
          "InputTransformer",
          "RetryPolicy",
          "DeadLetterConfig");
  private static final Set<String> INPUTS = Set.of("Input", "InputPath", "InputTransformer");
  private static final int MOST_TARGETS = 5;

  private final JsonNode properties;

  RuleReader(JsonNode properties) {
    this.properties = properties;
  }

  Rule read(String name) {
    known(properties, RULE);
    if (!properties.path("EventBusName").asText("default").equals("default")) {
      throw new IllegalArgumentException("there is no bus but the default one");
    }
    Optional<EventPattern> pattern = present("EventPattern").map(EventPattern::read);
    Optional<Schedule> schedule =
        present("ScheduleExpression").map(JsonNode::asText).map(Schedule::read);
    if (pattern.isEmpty() && schedule.isEmpty()) {
      throw new IllegalArgumentException("neither EventPattern nor ScheduleExpression");
    }
    return new Rule(name, enabled(), pattern, schedule, targets());
  }

  private Optional<JsonNode> present(String name) {
    return Optional.ofNullable(properties.get(name));
  }

  private boolean enabled() {
    String state = properties.path("State").asText("ENABLED");
    return switch (state) {
      case "ENABLED" -> true;
      case "DISABLED" -> false;
      default -> throw new IllegalArgumentException("no state: " + state);
    };
  }

  private List<RuleTarget> targets() {
    List<RuleTarget> targets = new ArrayList<>();
    for (JsonNode target : properties.path("Targets")) {
      targets.add(target(target));
    }
    if (targets.isEmpty() || targets.size() > MOST_TARGETS) {
      throw new IllegalArgumentException("not from one to " + MOST_TARGETS + " targets");
    }
    if (targets.stream().map(RuleTarget::id).distinct().count() < targets.size()) {
      throw new IllegalArgumentException("two targets of one Id");
    }
    return targets;
  }

  private static RuleTarget target(JsonNode target) {
    known(target, TARGET);
    JsonNode retry = target.path("RetryPolicy");
    RetryPolicy usual = RetryPolicy.USUAL;
    return new RuleTarget(
        required(target, "Id"),
        required(target, "Arn"),
        input(target),
        new RetryPolicy(
            retry.path("MaximumEventAgeInSeconds").asInt(usual.ageSeconds()),
            retry.path("MaximumRetryAttempts").asInt(usual.attempts())),
        target.has("DeadLetterConfig")
            ? Optional.of(required(target.get("DeadLetterConfig"), "Arn"))
            : Optional.empty());
  }

  private static TargetInput input(JsonNode target) {
    if (INPUTS.stream().filter(target::has).count() > 1) {
      throw new IllegalArgumentException("more than one of " + INPUTS);
    }
    if (target.has("Input")) {
      return new TargetInput.Constant(json(required(target, "Input")));
    }
    if (target.has("InputTransformer")) {
      return transformer(target.get("InputTransformer"));
    }
    return new TargetInput.Part(EventPath.read(target.path("InputPath").asText("$")));
  }

  private static TargetInput transformer(JsonNode transformer) {
    Map<String, String> paths = new HashMap<>();
    transformer
        .path("InputPathsMap")
        .properties()
        .forEach(path -> paths.put(path.getKey(), path.getValue().asText()));
    return InputTransformer.read(paths, required(transformer, "InputTemplate"));
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Input is no JSON: " + text, e);
    }
  }

  private static String required(JsonNode object, String name) {
    if (!object.path(name).isTextual()) {
      throw new IllegalArgumentException("no " + name);
    }
    return object.get(name).textValue();
  }

  private static void known(JsonNode object, Set<String> names) {
    object
        .fieldNames()
        .forEachRemaining(name -> {
          if (!names.contains(name)) {
            throw new IllegalArgumentException(name + " is not known here");
          }
        });
  }
}
