package dev.weir.local.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.wire.Json;
import dev.weir.local.sagemaker.wire.Service;
import dev.weir.local.time.VirtualScheduler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PaceTest {
  private final VirtualScheduler time =
      new VirtualScheduler(Instant.parse("2026-01-01T00:00:00Z"), 1);
  private final World world =
      new World(
          new World.Settings(1, "us-east-1", "123456789012", 0.01), time, (ObjectNode _) -> {});

  @Test
  void what_a_deployment_waits_for_keeps_the_worlds_pace() {
    call(
        "CreateModel",
        "{'ModelName':'m','ExecutionRoleArn':'arn:aws:iam::123456789012:role/models-run-as-it','PrimaryContainer':{'Image':'i'}}");
    for (String config : new String[] {"a", "b"}) {
      call(
          "CreateEndpointConfig",
          "{'EndpointConfigName':'%s','ProductionVariants':[{'VariantName':'v','ModelName':'m','InstanceType':'ml.m5.large','InitialInstanceCount':2}]}"
              .formatted(config));
    }
    time.advance(Duration.ofSeconds(1));
    call("CreateEndpoint", "{'EndpointName':'e','EndpointConfigName':'a'}");
    time.advance(Duration.ofSeconds(10));
    call(
        "UpdateEndpoint",
        "{'EndpointName':'e','EndpointConfigName':'b','DeploymentConfig':{'RollingUpdatePolicy':{'MaximumBatchSize':{'Type':'CAPACITY_PERCENT','Value':50},'WaitIntervalInSeconds':600}}}");

    time.advance(Duration.ofSeconds(30));

    assertThat(call("DescribeEndpoint", "{'EndpointName':'e'}").path("EndpointStatus").asText())
        .isEqualTo("InService");
  }

  private ObjectNode call(String operation, String request) {
    try {
      var read =
          (ObjectNode) Json.read(request.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
      return switch (world.call("test", Service.SAGEMAKER, operation, read)) {
        case Reply.Done(var result) -> (ObjectNode) result;
        case Reply.Refused(var error) -> throw error;
        case Reply.Lost() -> throw new IllegalStateException("lost");
      };
    } catch (IOException e) {
      throw new IllegalArgumentException(request, e);
    }
  }
}
