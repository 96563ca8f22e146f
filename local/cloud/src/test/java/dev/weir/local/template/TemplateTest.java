package dev.weir.local.template;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.local.events.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads the project's own template, and small ones for what it does not use. */
final class TemplateTest {
  private static final Path PROJECT = Path.of("../../template.yaml");

  @TempDir Path folder = Path.of("");

  private static Template project(Map<String, String> parameters) throws IOException {
    return Template.read(PROJECT, parameters);
  }

  private Template small(String yaml) throws IOException {
    return Template.read(Files.writeString(folder.resolve("template.yaml"), yaml), Map.of());
  }

  private static FunctionSpec function(Template template, String name) {
    return template.functions().stream()
        .filter(it -> it.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static ApiSpec.Route route(Template template, String path) throws IOException {
    return template.api().routes().stream()
        .filter(it -> it.path().equals(path))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void the_routes_of_the_project_come_from_its_openapi_body() throws IOException {
    var template = project(Map.of());

    assertThat(template.api().routes())
        .extracting(ApiSpec.Route::path)
        .contains(
            "/v1/chat/completions", "/v1/responses", "/v1/models", "/v1/models/{id}", "/healthz");
    assertThat(template.api().routes())
        .filteredOn(route -> route.path().startsWith("/admin/"))
        .isNotEmpty()
        .allMatch(route -> route.authorizer().equals(Optional.of(ApiSpec.IAM)));
    assertThat(route(template, "/v1/chat/completions"))
        .isEqualTo(
            new ApiSpec.Route(
                "POST",
                "/v1/chat/completions",
                "ChatFunction",
                true,
                Duration.ofMinutes(15),
                Optional.of("ApiKey")));
    assertThat(route(template, "/healthz").authorizer()).isEmpty();
  }

  @Test
  void a_parameter_makes_the_chat_route_buffered_and_takes_its_wrapper_away() throws IOException {
    var official = project(Map.of("StreamingRuntime", "official"));

    assertThat(route(official, "/v1/chat/completions").streaming()).isFalse();
    assertThat(function(official, "ChatFunction").environment())
        .doesNotContainKey("AWS_LAMBDA_EXEC_WRAPPER");
    assertThat(function(project(Map.of()), "ChatFunction").environment())
        .containsEntry("AWS_LAMBDA_EXEC_WRAPPER", "/opt/weir-exec");
  }

  @Test
  void the_authorizer_is_the_one_of_the_template() throws IOException {
    var authorizer =
        requireNonNull(
            project(Map.of("AuthorizerCacheSeconds", "7")).api().authorizers().get("ApiKey"));

    assertThat(authorizer.function()).isEqualTo("AuthorizerFunction");
    assertThat(authorizer.identitySources()).containsExactly("method.request.header.Authorization");
    assertThat(authorizer.ttl()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void gateway_responses_keep_status_headers_and_texts() throws IOException {
    var refused = requireNonNull(project(Map.of()).api().gatewayResponses().get("UNAUTHORIZED"));

    assertThat(refused.status()).hasValue(401);
    assertThat(refused.headers()).containsEntry("x-request-id", "context.requestId");
    assertThat(refused.templates().get("application/json")).contains("invalid_api_key");
  }

  @Test
  void a_function_has_its_globals_layers_and_limits() throws IOException {
    var chat = function(project(Map.of("ChatMemoryMb", "2048")), "ChatFunction");

    assertThat(chat.handler()).isEqualTo("dev.weir.inference.ChatHandler");
    assertThat(chat.memoryMegabytes()).isEqualTo(2048);
    assertThat(chat.timeout()).isEqualTo(Duration.ofSeconds(900));
    assertThat(chat.code()).endsWithRaw(Path.of("functions/inference/target/function"));
    assertThat(chat.layers()).hasSize(3);
    assertThat(chat.environment()).containsEntry("TENANTS_TABLE", "weir-local-TenantsTable");
    assertThat(chat.snapStart()).isTrue();
  }

  @Test
  void a_table_is_created_as_the_template_says() throws IOException {
    var ledger =
        project(Map.of()).tables().stream()
            .filter(it -> it.logicalId().equals("LedgerTable"))
            .findFirst()
            .orElseThrow();

    assertThat(ledger.name()).isEqualTo("weir-local-LedgerTable");
    assertThat(ledger.ttlAttribute()).hasValue("ttl");
    assertThat(ledger.creation().fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("BillingMode", "AttributeDefinitions", "KeySchema", "TableName");
    assertThat(ledger.creation().at("/KeySchema/1/AttributeName").asText()).isEqualTo("sk");
  }

  @Test
  void a_resource_whose_condition_fails_is_left_out() throws IOException {
    var template =
        small(
            """
            Conditions: {Never: !Equals [a, b]}
            Resources:
              T: {Type: AWS::DynamoDB::Table, Condition: Never, Properties: {}}
            """);

    assertThat(template.tables()).isEmpty();
  }

  @Test
  void an_openapi_body_may_bring_its_own_authorizer_and_gateway_responses() throws IOException {
    var uri = "arn:aws:apigateway:r:lambda:path/2015-03-31/functions/${F.Arn}/invocations";
    var api =
        small(
                """
                Resources:
                  F: {Type: AWS::Serverless::Function, Properties: {Handler: h, CodeUri: .}}
                  Api:
                    Type: AWS::Serverless::Api
                    Properties:
                      StageName: live
                      DefinitionBody:
                        components:
                          securitySchemes:
                            Key:
                              x-amazon-apigateway-authorizer:
                                type: request
                                authorizerUri: !Sub %1$s
                                identitySource: method.request.header.A, method.request.header.B
                                authorizerResultTtlInSeconds: 5
                        x-amazon-apigateway-gateway-responses:
                          THROTTLED:
                            statusCode: 429
                            responseParameters: {gatewayresponse.header.Retry-After: "'1'"}
                        paths:
                          /x:
                            x-amazon-apigateway-any-method:
                              security: [{Key: []}]
                              x-amazon-apigateway-integration: {type: aws_proxy, uri: !Sub %1$s}
                """
                    .formatted("'" + uri + "'"))
            .api();

    assertThat(api.routes().getFirst().method()).isEqualTo("ANY");
    assertThat(api.routes().getFirst().authorizer()).hasValue("Key");
    assertThat(api.authorizers().get("Key"))
        .isEqualTo(
            new ApiSpec.Authorizer(
                "Key",
                "F",
                List.of("method.request.header.A", "method.request.header.B"),
                Duration.ofSeconds(5)));
    assertThat(api.gatewayResponses().get("THROTTLED"))
        .extracting(ApiSpec.GatewayResponse::headers)
        .isEqualTo(Map.of("Retry-After", "'1'"));
  }

  private static Template automation(Map<String, String> parameters) throws IOException {
    return Template.read(Path.of("target/test-classes/automation.yaml"), parameters);
  }

  @Test
  void a_rule_has_the_name_it_has_here_and_its_condition() throws IOException {
    assertThat(automation(Map.of()).rules())
        .extracting(Rule::name)
        .containsExactly("weir-local-OnAlarm", "weir-local-OnNothing", "weir-local-Hourly");
    assertThat(automation(Map.of("Told", "false")).rules()).hasSize(2);
  }

  @Test
  void every_rule_and_alarm_of_the_project_can_be_read() throws IOException {
    assertThat(project(Map.of()).rules())
        .extracting(Rule::name)
        .contains("weir-local-NoticeSchedule");
    assertThat(project(Map.of()).alarms()).hasSizeGreaterThan(20);
  }

  @Test
  void what_parameters_say_in_an_alarm_becomes_numbers() throws IOException {
    var alarm = automation(Map.of("Errors", "7.5")).alarms().getFirst();

    assertThat(alarm.path("AlarmName").asText()).isEqualTo("weir-local-rem-heal-chat");
    assertThat(alarm.path("Threshold").isNumber()).isTrue();
    assertThat(alarm.path("Threshold").asDouble()).isEqualTo(7.5);
  }

  @Test
  void a_state_machine_has_its_substitutions_in_its_definition() throws IOException {
    var machine = automation(Map.of()).stateMachines().getFirst();

    assertThat(machine.name()).isEqualTo("weir-local-act-heal");
    assertThat(machine.definition())
        .contains("\"TableName\": \"weir-local-RemediationTable\"")
        .doesNotContain("${");
  }

  @Test
  void a_state_machine_without_a_substitution_is_refused() throws IOException {
    Files.writeString(folder.resolve("m.asl.json"), "{\"Comment\": \"${Missing}\"}");
    var template =
        small(
            """
            Resources:
              M: {Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: m.asl.json}}
            """);

    assertThatThrownBy(template::stateMachines).hasMessageContaining("Missing");
  }
}
