package dev.weir.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.events.Rule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A SAM template with its parameters filled in. */
public final class Template {
  /** The stack's name here. */
  public static final String STACK = "weir-local";

  /** Where everything is here. */
  public static final String REGION = "us-east-1";

  /** Whose everything is here. */
  public static final String ACCOUNT = "000000000000";

  private static final Pattern LAYER = Pattern.compile(":layer:([^:]+)");

  private static final Deployed LOCAL = new Deployed(STACK, REGION, ACCOUNT);

  /** Under which name, where and whose a stack is. */
  public record Deployed(String stack, String region, String account) {}

  private final JsonNode template;
  private final Resolver resolver;
  private final References references;
  private final Path folder;

  /**
   * @param parameters values that replace the parameters' defaults
   */
  private Template(
      JsonNode template, Deployed deployed, Map<String, String> parameters, Path folder) {
    this.template = template;
    this.folder = folder;
    references = new References(template, deployed, parameters, this::resolved);
    resolver = new Resolver(template, references, folder);
  }

  /**
   * Reads a template.
   *
   * @param parameters values that replace the parameters' defaults
   */
  public static Template read(Path file, Map<String, String> parameters) throws IOException {
    return read(file, LOCAL, parameters);
  }

  /**
   * Reads a template as that of another stack than the local one.
   *
   * @param parameters values that replace the parameters' defaults
   */
  public static Template read(Path file, Deployed deployed, Map<String, String> parameters)
      throws IOException {
    Path folder = file.toAbsolutePath().resolveSibling("");
    return new Template(Yaml.read(file), deployed, parameters, folder);
  }

  /** The functions. */
  public List<FunctionSpec> functions() {
    return resources("AWS::Serverless::Function")
        .map(entry -> function(entry.getKey(), withGlobals("Function", entry.getValue())))
        .toList();
  }

  /** The tables. */
  public List<TableSpec> tables() {
    return resources("AWS::DynamoDB::Table")
        .map(entry -> table(entry.getKey(), properties(entry.getValue())))
        .toList();
  }

  /** The rules of the default bus. */
  public List<Rule> rules() {
    return resources("AWS::Events::Rule")
        .map(entry -> Rule.read(references.name(entry.getKey()), properties(entry.getValue())))
        .toList();
  }

  /** The state machines. */
  public List<StateMachineSpec> stateMachines() {
    return resources("AWS::Serverless::StateMachine")
        .map(entry ->
            StateMachineSpec.read(
                references.name(entry.getKey()), properties(entry.getValue()), folder))
        .toList();
  }

  /** The metric alarms, each as a request of PutMetricAlarm. */
  public List<ObjectNode> alarms() {
    return resources("AWS::CloudWatch::Alarm")
        .map(
            entry -> AlarmRequest.of(references.name(entry.getKey()), properties(entry.getValue())))
        .toList();
  }

  /** Values of the SSM parameters by their names here, which are their logical ids. */
  public Map<String, String> parameters() {
    return resources("AWS::SSM::Parameter")
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, entry -> properties(entry.getValue()).path("Value").asText()));
  }

  /** The one REST API. */
  public ApiSpec api() throws IOException {
    var explicit = resources("AWS::Serverless::Api").findFirst();
    var properties =
        explicit.isPresent()
            ? withGlobals("Api", explicit.get().getValue())
            : globals("Api").deepCopy();
    var body = properties.path("DefinitionBody");
    if (properties.path("DefinitionUri").isTextual()) {
      body = resolver.resolve(Yaml.read(folder.resolve(properties.get("DefinitionUri").asText())));
    }
    var events = new LinkedHashMap<String, JsonNode>();
    resources("AWS::Serverless::Function")
        .forEach(entry ->
            events.put(entry.getKey(), withGlobals("Function", entry.getValue()).path("Events")));
    return new ApiReader(properties, body, events).read();
  }

  private FunctionSpec function(String id, JsonNode properties) {
    var environment = new LinkedHashMap<String, String>();
    properties
        .path("Environment")
        .path("Variables")
        .properties()
        .forEach(variable -> environment.put(variable.getKey(), variable.getValue().asText()));
    var layers = new ArrayList<Path>();
    properties.path("Layers").forEach(layer -> layers.add(layer(layer.asText())));
    return new FunctionSpec(
        id,
        properties.path("Handler").asText(),
        Duration.ofSeconds(properties.path("Timeout").asLong(3)),
        properties.path("MemorySize").asInt(128),
        folder.resolve(properties.path("CodeUri").asText()),
        layers,
        environment,
        properties.path("SnapStart").path("ApplyOn").asText().equals("PublishedVersions"));
  }

  private Path layer(String arn) {
    var match = LAYER.matcher(arn);
    var id = match.find() ? match.group(1) : arn;
    var layer = template.path("Resources").path(id);
    if (layer.isMissingNode()) {
      throw new IllegalArgumentException("the template has no layer " + arn);
    }
    return folder.resolve(properties(layer).path("ContentUri").asText());
  }

  private TableSpec table(String id, JsonNode properties) {
    var creation = ((ObjectNode) properties).deepCopy();
    var name = resolver.resolve(references.ref(id)).asText();
    creation
        .retain(
            "AttributeDefinitions",
            "KeySchema",
            "GlobalSecondaryIndexes",
            "LocalSecondaryIndexes",
            "BillingMode",
            "ProvisionedThroughput")
        .put("TableName", name);
    var ttl = properties.path("TimeToLiveSpecification");
    return new TableSpec(
        id,
        name,
        creation,
        Optional.of(ttl.path("AttributeName").asText())
            .filter(attribute -> !attribute.isEmpty() && ttl.path("Enabled").asBoolean()));
  }

  private Stream<Map.Entry<String, JsonNode>> resources(String type) {
    return template.path("Resources").properties().stream()
        .filter(entry -> entry.getValue().path("Type").asText().equals(type))
        .filter(entry -> exists(entry.getValue()));
  }

  private boolean exists(JsonNode resource) {
    var condition = resource.path("Condition");
    return condition.isMissingNode() || resolver.holds(condition.asText());
  }

  private JsonNode properties(JsonNode resource) {
    return resolved(resource.path("Properties"));
  }

  private JsonNode resolved(JsonNode node) {
    return resolver.resolve(node);
  }

  private JsonNode globals(String section) {
    var globals = template.path("Globals").path(section);
    return globals.isObject() ? resolver.resolve(globals) : JsonNodeFactory.instance.objectNode();
  }

  /**
   * SAM's merge: objects member by member, lists one after the other, the resource's value last.
   */
  private JsonNode withGlobals(String section, JsonNode resource) {
    return merge(globals(section), properties(resource));
  }

  private static JsonNode merge(JsonNode global, JsonNode own) {
    if (global instanceof ObjectNode first && own instanceof ObjectNode second) {
      var merged = first.deepCopy();
      second
          .properties()
          .forEach(member ->
              merged.set(member.getKey(), merge(first.path(member.getKey()), member.getValue())));
      return merged;
    }
    if (global.isArray() && own.isArray()) {
      var merged = ((ArrayNode) global).deepCopy();
      own.forEach(merged::add);
      return merged;
    }
    return own;
  }
}
