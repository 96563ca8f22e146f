package dev.weir.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.template.ApiSpec.Authorizer;
import dev.weir.local.template.ApiSpec.GatewayResponse;
import dev.weir.local.template.ApiSpec.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads one {@code AWS::Serverless::Api}: its OpenAPI body first, then the functions' events. */
final class ApiReader {
  private static final Pattern FUNCTION = Pattern.compile(":function:([A-Za-z0-9]+)");
  private static final String INTEGRATION = "x-amazon-apigateway-integration";
  private static final String AUTHORIZER = "x-amazon-apigateway-authorizer";
  private static final String ANY = "x-amazon-apigateway-any-method";
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "patch", "head", "options", ANY);
  private static final long DEFAULT_TIMEOUT_MILLIS = 29_000;
  private static final long DEFAULT_TTL_SECONDS = 300;

  private final JsonNode properties;
  private final JsonNode body;
  private final Map<String, JsonNode> events;

  /**
   * @param properties the resource's, resolved
   * @param body its OpenAPI document, resolved, missing when routes come from events alone
   * @param events each function's events by its logical id
   */
  ApiReader(JsonNode properties, JsonNode body, Map<String, JsonNode> events) {
    this.properties = properties;
    this.body = body;
    this.events = events;
  }

  ApiSpec read() {
    var authorizers = authorizers();
    var routes = new LinkedHashMap<String, Route>();
    for (var route : documented(authorizers.keySet())) {
      routes.put(route.method() + route.path(), route);
    }
    for (var route : fromEvents(authorizers.keySet())) {
      routes.putIfAbsent(route.method() + route.path(), route);
    }
    var binary = new TreeSet<String>();
    properties
        .path("BinaryMediaTypes")
        .forEach(type -> binary.add(type.asText().replace("~1", "/")));
    body.path("x-amazon-apigateway-binary-media-types").forEach(type -> binary.add(type.asText()));
    return new ApiSpec(
        properties.path("StageName").asText("Prod"),
        List.copyOf(routes.values()),
        authorizers,
        gatewayResponses(),
        binary);
  }

  private List<Route> documented(Set<String> authorizers) {
    var routes = new ArrayList<Route>();
    for (var path : body.path("paths").properties()) {
      for (var method : path.getValue().properties()) {
        if (METHODS.contains(method.getKey())) {
          routes.add(documented(path.getKey(), method.getKey(), method.getValue(), authorizers));
        }
      }
    }
    return routes;
  }

  private Route documented(
      String path, String method, JsonNode operation, Set<String> authorizers) {
    var integration = operation.path(INTEGRATION);
    if (!integration.path("type").asText().equalsIgnoreCase("aws_proxy")) {
      throw new IllegalArgumentException(method + " " + path + " has no aws_proxy integration");
    }
    var security = operation.has("security") ? operation.path("security") : body.path("security");
    return new Route(
        method.equals(ANY) ? "ANY" : method.toUpperCase(Locale.ROOT),
        path,
        function(integration.path("uri").asText()),
        integration.path("responseTransferMode").asText().equals("STREAM"),
        Duration.ofMillis(integration.path("timeoutInMillis").asLong(DEFAULT_TIMEOUT_MILLIS)),
        authorizer(security, authorizers));
  }

  private Optional<String> authorizer(JsonNode security, Set<String> authorizers) {
    if (!security.isArray()) {
      return defaultAuthorizer();
    }
    return Optional.of(security.path(0))
        .filter(JsonNode::isObject)
        .map(requirement -> requirement.fieldNames().next())
        .filter(name -> isKnown(name, authorizers));
  }

  private List<Route> fromEvents(Set<String> authorizers) {
    var routes = new ArrayList<Route>();
    events.forEach((function, declared) -> {
      for (var event : declared) {
        if (event.path("Type").asText().equals("Api")) {
          routes.add(fromEvent(function, event.path("Properties"), authorizers));
        }
      }
    });
    return routes;
  }

  private Route fromEvent(String function, JsonNode event, Set<String> authorizers) {
    var own = event.path("Auth").path("Authorizer");
    return new Route(
        event.path("Method").asText().toUpperCase(Locale.ROOT),
        event.path("Path").asText(),
        function,
        event.path("ResponseTransferMode").asText().equals("RESPONSE_STREAM"),
        Duration.ofMillis(event.path("TimeoutInMillis").asLong(DEFAULT_TIMEOUT_MILLIS)),
        own.isMissingNode()
            ? defaultAuthorizer()
            : Optional.of(own.asText()).filter(name -> isKnown(name, authorizers)));
  }

  /** SAM's name for IAM; in an OpenAPI body a scheme of this name is declared. */
  private static boolean isKnown(String authorizer, Set<String> authorizers) {
    return authorizer.equals(ApiSpec.IAM) || authorizers.contains(authorizer);
  }

  private Optional<String> defaultAuthorizer() {
    return Optional.of(properties.path("Auth").path("DefaultAuthorizer").asText())
        .filter(name -> !name.isEmpty());
  }

  private Map<String, Authorizer> authorizers() {
    var authorizers = new LinkedHashMap<String, Authorizer>();
    for (var scheme : body.path("components").path("securitySchemes").properties()) {
      var authorizer = scheme.getValue().path(AUTHORIZER);
      if (authorizer.path("type").asText().equals("request")) {
        authorizers.put(scheme.getKey(), documentedAuthorizer(scheme.getKey(), authorizer));
      }
    }
    for (var entry : properties.path("Auth").path("Authorizers").properties()) {
      authorizers.put(entry.getKey(), samAuthorizer(entry.getKey(), entry.getValue()));
    }
    return authorizers;
  }

  private static Authorizer documentedAuthorizer(String name, JsonNode authorizer) {
    var sources =
        Pattern.compile("\\s*,\\s*").splitAsStream(authorizer.path("identitySource").asText());
    return new Authorizer(
        name,
        function(authorizer.path("authorizerUri").asText()),
        sources.filter(source -> !source.isEmpty()).toList(),
        Duration.ofSeconds(
            authorizer.path("authorizerResultTtlInSeconds").asLong(DEFAULT_TTL_SECONDS)));
  }

  private static Authorizer samAuthorizer(String name, JsonNode authorizer) {
    if (!authorizer.path("FunctionPayloadType").asText().equals("REQUEST")) {
      throw new IllegalArgumentException("authorizer " + name + " is not of type REQUEST");
    }
    var identity = authorizer.path("Identity");
    var sources = new ArrayList<String>();
    identity.path("Headers").forEach(it -> sources.add("method.request.header." + it.asText()));
    identity
        .path("QueryStrings")
        .forEach(it -> sources.add("method.request.querystring." + it.asText()));
    return new Authorizer(
        name,
        function(authorizer.path("FunctionArn").asText()),
        sources,
        Duration.ofSeconds(identity.path("ReauthorizeEvery").asLong(DEFAULT_TTL_SECONDS)));
  }

  private static String function(String uri) {
    var match = FUNCTION.matcher(uri);
    if (!match.find()) {
      throw new IllegalArgumentException("no function in " + uri);
    }
    return match.group(1);
  }

  private Map<String, GatewayResponse> gatewayResponses() {
    var responses = new LinkedHashMap<String, GatewayResponse>();
    for (var entry : body.path("x-amazon-apigateway-gateway-responses").properties()) {
      var response = entry.getValue();
      var headers = new LinkedHashMap<String, String>();
      texts(response.path("responseParameters"))
          .forEach(
              (name, value) -> headers.put(name.replace("gatewayresponse.header.", ""), value));
      responses.put(
          entry.getKey(),
          new GatewayResponse(
              status(response.path("statusCode")),
              headers,
              texts(response.path("responseTemplates"))));
    }
    for (var entry : properties.path("GatewayResponses").properties()) {
      var response = entry.getValue();
      responses.put(
          entry.getKey(),
          new GatewayResponse(
              status(response.path("StatusCode")),
              texts(response.path("ResponseParameters").path("Headers")),
              texts(response.path("ResponseTemplates"))));
    }
    return responses;
  }

  private static OptionalInt status(JsonNode status) {
    return status.isValueNode() ? OptionalInt.of(status.asInt()) : OptionalInt.empty();
  }

  private static Map<String, String> texts(JsonNode object) {
    var texts = new LinkedHashMap<String, String>();
    object.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
    return texts;
  }
}
