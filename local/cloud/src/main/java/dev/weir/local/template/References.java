package dev.weir.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What {@code Ref} and {@code GetAtt} give: parameters, pseudo parameters and the names that
 * resources have locally. A function's name is its logical id; another's is its own or {@code
 * <stack>-<logical id>}.
 */
final class References {
  private static final Set<String> LISTS = Set.of("CommaDelimitedList", "List<Number>");

  /** The property that names a resource, for those that are known by their names. */
  private static final Map<String, String> NAMES =
      Map.of(
          "AWS::DynamoDB::Table", "TableName",
          "AWS::Serverless::StateMachine", "Name",
          "AWS::SNS::Topic", "TopicName",
          "AWS::SQS::Queue", "QueueName",
          "AWS::CloudWatch::Alarm", "AlarmName",
          "AWS::Events::Rule", "Name");

  private final JsonNode template;
  private final Template.Deployed deployed;
  private final Map<String, String> overrides;
  private final UnaryOperator<JsonNode> resolver;

  /**
   * @param resolver evaluates what stands in a name
   */
  References(
      JsonNode template,
      Template.Deployed deployed,
      Map<String, String> overrides,
      UnaryOperator<JsonNode> resolver) {
    this.template = template;
    this.deployed = deployed;
    this.overrides = overrides;
    this.resolver = resolver;
    for (var name : overrides.keySet()) {
      if (!template.path("Parameters").has(name)) {
        throw new IllegalArgumentException("the template has no parameter " + name);
      }
    }
  }

  JsonNode ref(String name) {
    return switch (name) {
      case "AWS::Region" -> new TextNode(deployed.region());
      case "AWS::AccountId" -> new TextNode(deployed.account());
      case "AWS::Partition" -> new TextNode("aws");
      case "AWS::URLSuffix" -> new TextNode("amazonaws.com");
      case "AWS::StackName" -> new TextNode(deployed.stack());
      case "AWS::StackId" ->
          new TextNode(arn("cloudformation", "stack/" + deployed.stack() + "/local"));
      case "AWS::NoValue" -> MissingNode.getInstance();
      default -> template.path("Parameters").has(name) ? parameter(name) : resource(name);
    };
  }

  /**
   * An attribute of a resource.
   *
   * @param name {@code LogicalId.Attribute}
   */
  JsonNode attribute(String name) {
    var id = name.substring(0, name.indexOf('.'));
    if (!name.endsWith(".Arn")) {
      // The stand-in for Bedrock has one guardrail.
      return new TextNode(
          switch (type(id)) {
            case "AWS::Bedrock::Guardrail" -> "localrules";
            case "AWS::Bedrock::GuardrailVersion" -> "1";
            case "AWS::SNS::Topic" -> name.endsWith(".TopicArn") ? arn("sns", name(id)) : name(id);
            case "AWS::Serverless::StateMachine", "AWS::SQS::Queue" -> name(id);
            default -> name;
          });
    }
    return new TextNode(
        switch (type(id)) {
          case "AWS::Serverless::Function", "AWS::Lambda::Function" ->
              arn("lambda", "function:" + id);
          case "AWS::DynamoDB::Table" -> arn("dynamodb", "table/" + name(id));
          case "AWS::Serverless::StateMachine" -> arn("states", "stateMachine:" + name(id));
          case "AWS::SQS::Queue" -> arn("sqs", name(id));
          case "AWS::CloudWatch::Alarm" -> arn("cloudwatch", "alarm:" + name(id));
          case "AWS::Events::Rule" -> arn("events", "rule/" + name(id));
          default -> arn("local", id);
        });
  }

  /** The name of a resource: its own, or the stack's and its logical id. */
  String name(String id) {
    var property = NAMES.getOrDefault(type(id), "");
    var name = template.path("Resources").path(id).path("Properties").path(property);
    return name.isMissingNode() ? deployed.stack() + "-" + id : resolver.apply(name).asText();
  }

  private JsonNode parameter(String name) {
    var definition = template.path("Parameters").path(name);
    var value = definition.path("Default");
    if (overrides.containsKey(name)) {
      value = new TextNode(overrides.get(name));
    }
    if (value.isMissingNode()) {
      throw new IllegalArgumentException("parameter " + name + " has no value");
    }
    if (!LISTS.contains(definition.path("Type").asText())) {
      return new TextNode(value.asText());
    }
    var list = JsonNodeFactory.instance.arrayNode();
    for (var item : value.asText().split(",")) {
      list.add(item.strip());
    }
    return list;
  }

  private JsonNode resource(String id) {
    if (id.contains(".")) {
      // What SAM generates beside a resource: an alias, a version, a stage.
      return new TextNode(attribute(id.substring(0, id.indexOf('.')) + ".Arn").asText() + ":live");
    }
    return new TextNode(
        switch (type(id)) {
          case "AWS::DynamoDB::Table", "AWS::CloudWatch::Alarm", "AWS::Events::Rule" -> name(id);
          case "AWS::Serverless::StateMachine" -> attribute(id + ".Arn").asText();
          case "AWS::SNS::Topic" -> arn("sns", name(id));
          case "AWS::SQS::Queue" ->
              "https://sqs.%s.amazonaws.com/%s/%s"
                  .formatted(deployed.region(), deployed.account(), name(id));
          case "AWS::Serverless::LayerVersion" -> arn("lambda", "layer:" + id + ":1");
          default -> id;
        });
  }

  private String type(String id) {
    return template.path("Resources").path(id).path("Type").asText();
  }

  private String arn(String product, String resource) {
    return "arn:aws:%s:%s:%s:%s"
        .formatted(product, deployed.region(), deployed.account(), resource);
  }
}
