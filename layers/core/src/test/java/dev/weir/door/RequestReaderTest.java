package dev.weir.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestReaderTest {

  private static Request read(String event) throws IOException {
    return RequestReader.read(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void a_proxy_event_is_reduced_to_what_doors_use() throws IOException {
    Request request =
        read(
            """
            {"resource":"/v1/models/{id}","path":"/v1/models/a%2Fb","httpMethod":"GET",
             "headers":{"X-Client":"one","Accept":null},
             "multiValueHeaders":{"X-Client":["one"]},
             "queryStringParameters":{"after":"x y"},"pathParameters":{"id":"a/b"},
             "requestContext":{"stage":"v1","requestId":"gw-1","identity":{"sourceIp":"127.0.0.1","userArn":"arn:aws:iam::1:user/ann","accessKey":null},
               "authorizer":{"tenantId":"acme","keyId":"k1","integrationLatency":3}},
             "body":"{\\"a\\":1}","isBase64Encoded":false}
            """);

    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.resource()).isEqualTo("/v1/models/{id}");
    assertThat(request.headers()).isEqualTo(Map.of("x-client", "one"));
    assertThat(request.pathParameters()).isEqualTo(Map.of("id", "a/b"));
    assertThat(request.query()).isEqualTo(Map.of("after", "x y"));
    assertThat(request.principal()).isEqualTo("arn:aws:iam::1:user/ann");
    assertThat(request.gatewayRequestId()).isEqualTo("gw-1");
    assertThat(request.authorized("tenantId")).isEqualTo("acme");
    assertThat(request.body()).asString().isEqualTo("{\"a\":1}");
  }

  @Test
  void a_base64_body_is_decoded() throws IOException {
    assertThat(read("{\"body\":\"aGk=\",\"isBase64Encoded\":true}").body())
        .asString()
        .isEqualTo("hi");
  }

  @Test
  void an_absent_body_is_empty() throws IOException {
    assertThat(read("{\"body\":null}").body()).isEmpty();
  }

  @Test
  void a_route_without_its_authorizer_serves_nobody() throws IOException {
    Request request = read("{\"requestContext\":{}}");

    assertThatThrownBy(() -> request.authorized("tenantId"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void what_is_no_event_is_refused() {
    assertThatThrownBy(() -> read("[]")).isInstanceOf(IOException.class);
  }
}
