package dev.weir.local.sagemaker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.wire.Json;
import dev.weir.local.time.VirtualScheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.applicationautoscaling.ApplicationAutoScalingClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemaker.model.ProductionVariant;

/** A served world on the virtual clock, and the unmodified SDK's clients of it. */
final class Lab implements AutoCloseable {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  final VirtualScheduler time;
  final World world;
  final WorldServer server;
  final List<ObjectNode> events = new ArrayList<>();
  final Set<String> called = new TreeSet<>();
  final SageMakerClient sagemaker;
  final ApplicationAutoScalingClient scaling;
  final CloudWatchClient cloudwatch;

  Lab() {
    this(1);
  }

  Lab(long seed) {
    time = new VirtualScheduler(START, seed);
    world = new World(new World.Settings(seed), time, events::add);
    try {
      server = new WorldServer(world, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sagemaker = client(SageMakerClient.builder()).build();
    scaling = client(ApplicationAutoScalingClient.builder()).build();
    cloudwatch = client(CloudWatchClient.builder()).build();
  }

  private <B extends AwsClientBuilder<B, ?> & AwsSyncClientBuilder<B, ?>> B client(B builder) {
    return builder
        .endpointOverride(server.url())
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDTEST", "secret")))
        .httpClient(UrlConnectionHttpClient.create())
        .overrideConfiguration(configuration ->
            configuration
                .retryStrategy(DefaultRetryStrategy.doNotRetry())
                .addExecutionInterceptor(new Names()));
  }

  private final class Names implements ExecutionInterceptor {
    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
      called.add(String.valueOf(attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME)));
    }
  }

  void pass(Duration time) {
    this.time.advance(time);
  }

  void passMinutes(long minutes) {
    pass(Duration.ofMinutes(minutes));
  }

  /** A model and a configuration of two instances of it. */
  void config(String name) {
    config(name, "ml.m5.xlarge", 2);
  }

  void config(String name, String type, int instances) {
    String model = name + "-model";
    sagemaker.createModel(request ->
        request
            .modelName(model)
            .executionRoleArn("arn:aws:iam::123456789012:role/model")
            .primaryContainer(container -> container.image("image:1")));
    sagemaker.createEndpointConfig(request ->
        request
            .endpointConfigName(name)
            .productionVariants(
                ProductionVariant.builder()
                    .variantName("main")
                    .modelName(model)
                    .instanceType(type)
                    .initialInstanceCount(instances)
                    .build()));
    pass(Duration.ofSeconds(10));
  }

  /** An endpoint in service, of the configuration {@code {name}-1}. */
  void endpoint(String name) {
    config(name + "-1");
    sagemaker.createEndpoint(r -> r.endpointName(name).endpointConfigName(name + "-1"));
    passMinutes(10);
  }

  String status(String endpoint) {
    return sagemaker.describeEndpoint(r -> r.endpointName(endpoint)).endpointStatusAsString();
  }

  int desired(String endpoint) {
    return sagemaker
        .describeEndpoint(r -> r.endpointName(endpoint))
        .productionVariants()
        .getFirst()
        .desiredInstanceCount();
  }

  int current(String endpoint) {
    return sagemaker
        .describeEndpoint(r -> r.endpointName(endpoint))
        .productionVariants()
        .getFirst()
        .currentInstanceCount();
  }

  /** What curl would get. */
  JsonNode curl(String method, String path, String body) {
    try {
      URI target = server.url().resolve("/_local/sagemaker" + path);
      HttpRequest request =
          HttpRequest.newBuilder(target)
              .method(method, HttpRequest.BodyPublishers.ofString(body))
              .build();
      try (HttpClient http = HttpClient.newHttpClient()) {
        return Json.read(http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The statuses that events of this detail type told, in order, without repetitions. */
  List<String> told(String detailType, String member) {
    List<String> told = new ArrayList<>();
    for (ObjectNode event : events) {
      String value = event.at("/detail" + member).asText();
      if (event.path("detail-type").asText().equals(detailType)
          && (told.isEmpty() || !told.getLast().equals(value))) {
        told.add(value);
      }
    }
    return told;
  }

  @Override
  public void close() {
    sagemaker.close();
    scaling.close();
    cloudwatch.close();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
