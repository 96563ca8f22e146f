package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndpointTest {

  private final Map<String, String> environment = new HashMap<>(Map.of("AWS_REGION", "cn-north-1"));

  @Test
  void a_service_listens_in_its_region() {
    assertThat(Endpoint.of("bedrock-runtime", environment))
        .isEqualTo(
            new Endpoint(
                URI.create("https://bedrock-runtime.cn-north-1.amazonaws.com.cn"), "cn-north-1"));
  }

  @Test
  void the_environment_may_name_one_endpoint_for_all_services() {
    environment.put("AWS_ENDPOINT_URL", "http://all");

    assertThat(Endpoint.of("dynamodb", environment).base()).hasToString("http://all");
  }

  @Test
  void a_service_s_own_variable_goes_first() {
    environment.put("AWS_ENDPOINT_URL", "http://all");
    environment.put("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://bedrock");

    assertThat(Endpoint.of("bedrock-runtime", environment).base()).hasToString("http://bedrock");
  }

  @Test
  void a_path_goes_below_that_of_the_endpoint() {
    Endpoint endpoint = new Endpoint(URI.create("http://proxy:1/base/"), "eu-west-1");

    assertThat(endpoint.post("/", "text/plain", 0).build().getUri())
        .hasToString("http://proxy:1/base/");
    assertThat(endpoint.post("/a%2Fb", "text/plain", 0).build().getUri())
        .hasToString("http://proxy:1/base/a%2Fb");
  }

  @Test
  void a_variable_need_not_be_named_after_the_host() {
    environment.put("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", "http://sagemaker");

    assertThat(Endpoint.of("runtime.sagemaker", "SAGEMAKER_RUNTIME", environment).base())
        .hasToString("http://sagemaker");
    assertThat(Endpoint.of("runtime.sagemaker", "OTHER", environment).base())
        .hasToString("https://runtime.sagemaker.cn-north-1.amazonaws.com.cn");
  }
}
