package dev.weir.local.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ResolverTest {
  private static final Template.Deployed DEPLOYED =
      new Template.Deployed("weir-local", "us-east-1", "000000000000");
  private static final String HEAD =
      """
      Parameters:
        Stage: {Type: String, Default: dev}
        Names: {Type: CommaDelimitedList, Default: 'a, b'}
        Nameless: {Type: String}
      Mappings:
        Size: {dev: {memory: 512}, prod: {memory: 1024}}
      Conditions:
        IsDev: !Equals [!Ref Stage, dev]
        IsProd: !Not [!Condition IsDev]
        Both: !And [!Condition IsDev, !Condition IsProd]
        Either: !Or [!Condition IsDev, !Condition IsProd]
      Resources:
        Table: {Type: AWS::DynamoDB::Table}
        Named: {Type: AWS::DynamoDB::Table, Properties: {TableName: tenants}}
        Chat: {Type: AWS::Serverless::Function}
        Core: {Type: AWS::Serverless::LayerVersion}
        Topic: {Type: AWS::SNS::Topic}
        Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: dead}}
        Alarm: {Type: AWS::CloudWatch::Alarm}
        Rule: {Type: AWS::Events::Rule}
        Machine: {Type: AWS::Serverless::StateMachine}
      """;

  @TempDir Path folder = Path.of("");

  private String resolve(String expression, Map<String, String> parameters) {
    var template = Yaml.parse(HEAD);
    return new Resolver(
            template, new References(template, DEPLOYED, parameters, node -> node), folder)
        .resolve(Yaml.parse("v: " + expression))
        .toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "!Ref Stage | 'dev'",
        "!Ref Names | ['a','b']",
        "!Ref AWS::Region | 'us-east-1'",
        "!Ref Table | 'weir-local-Table'",
        "!Ref Named | 'tenants'",
        "!Ref Chat | 'Chat'",
        "!Ref Core | 'arn:aws:lambda:us-east-1:000000000000:layer:Core:1'",
        "!Ref Topic | 'arn:aws:sns:us-east-1:000000000000:weir-local-Topic'",
        "!GetAtt Topic.TopicArn | 'arn:aws:sns:us-east-1:000000000000:weir-local-Topic'",
        "!GetAtt Topic.TopicName | 'weir-local-Topic'",
        "!Ref Queue | 'https://sqs.us-east-1.amazonaws.com/000000000000/dead'",
        "!GetAtt Queue.Arn | 'arn:aws:sqs:us-east-1:000000000000:dead'",
        "!Ref Alarm | 'weir-local-Alarm'",
        "!GetAtt Alarm.Arn | 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:weir-local-Alarm'",
        "!GetAtt Rule.Arn | 'arn:aws:events:us-east-1:000000000000:rule/weir-local-Rule'",
        "!Ref Machine | 'arn:aws:states:us-east-1:000000000000:stateMachine:weir-local-Machine'",
        "!GetAtt Machine.Name | 'weir-local-Machine'",
        "!Ref Chat.Alias | 'arn:aws:lambda:us-east-1:000000000000:function:Chat:live'",
        "!GetAtt Chat.Arn | 'arn:aws:lambda:us-east-1:000000000000:function:Chat'",
        "{'Fn::GetAtt': [Named, Arn]} | 'arn:aws:dynamodb:us-east-1:000000000000:table/tenants'",
        "!Sub 'x-${Stage}-${!Kept}-${Chat.Arn}' | "
            + "'x-dev-${Kept}-arn:aws:lambda:us-east-1:000000000000:function:Chat'",
        "!Sub ['${A}-${Stage}', {A: !Ref Named}] | 'tenants-dev'",
        "!If [IsDev, yes, no] | 'yes'",
        "!If [IsProd, yes, no] | 'no'",
        "!If [Both, 1, 2] | 2",
        "!If [Either, 1, 2] | 1",
        "!Join ['-', [a, !Ref Stage]] | 'a-dev'",
        "!Join [',', !Ref Names] | 'a,b'",
        "!Select [1, !Ref Names] | 'b'",
        "!Split ['-', 'a-b'] | ['a','b']",
        "!FindInMap [Size, !Ref Stage, memory] | 512",
        "!Base64 abc | 'YWJj'",
        "[a, !Ref AWS::NoValue] | ['a']",
        "{Statement: {Condition: {Bool: {x: true}}}} | {'Statement':{'Condition':{'Bool':{'x':true}}}}"
      })
  void each_intrinsic_function_gives_its_value(String expression, String expected) {
    assertThat(resolve(expression, Map.of()))
        .isEqualTo("{'v':%s}".formatted(expected).replace('\'', '"'));
  }

  @Test
  void no_value_takes_its_property_away() {
    assertThat(resolve("!If [IsProd, x, !Ref AWS::NoValue]", Map.of())).isEqualTo("{}");
  }

  @Test
  void a_given_parameter_goes_before_its_default() {
    assertThat(resolve("!If [IsProd, !Ref Stage, no]", Map.of("Stage", "prod")))
        .isEqualTo("{\"v\":\"prod\"}");
  }

  @Test
  void an_included_file_is_resolved_too() throws IOException {
    Files.writeString(folder.resolve("api.yaml"), "title: !Ref Stage");
    var include = "{'Fn::Transform': {Name: AWS::Include, Parameters: {Location: api.yaml}}}";

    assertThat(resolve(include, Map.of())).isEqualTo("{\"v\":{\"title\":\"dev\"}}");
  }

  @Test
  void an_unknown_parameter_is_refused() {
    assertThatThrownBy(() -> resolve("x", Map.of("Stag", "prod"))).hasMessageContaining("Stag");
  }

  @Test
  void a_parameter_without_any_value_is_refused_when_used() {
    assertThatThrownBy(() -> resolve("!Ref Nameless", Map.of())).hasMessageContaining("Nameless");
  }
}
