package dev.weir.statemachines.lint;

import dev.weir.states.definition.Resource;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.applicationautoscaling.ApplicationAutoScalingClient;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.budgets.BudgetsClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.ssm.SsmClient;

/**
 * An operation as the SDK for Java models it, which is how Step Functions names services, actions
 * and errors (developer guide, "AWS SDK integrations").
 *
 * @param call the client's method that takes the request
 */
record Operation(Resource resource, Method call) {
  private static final List<Class<?>> CLIENTS =
      List.of(
          ApplicationAutoScalingClient.class,
          BedrockClient.class,
          BudgetsClient.class,
          CloudWatchClient.class,
          DynamoDbClient.class,
          EcrClient.class,
          EventBridgeClient.class,
          IamClient.class,
          LambdaClient.class,
          SageMakerClient.class,
          SfnClient.class,
          SnsClient.class,
          SsmClient.class);

  /** An optimised integration that is not called as the SDK calls its service. */
  private static final Map<String, String> SERVICES =
      Map.of("events", "eventbridge", "states", "sfn");

  /**
   * How optimised integrations begin the names of errors, and which they have beside the modelled
   * ones (developer guide, each service's page).
   */
  private static final Map<String, Optimised> OPTIMISED =
      Map.of(
          "dynamodb", new Optimised("DynamoDB", Set.of("AmazonDynamoDBException")),
          "events",
              new Optimised("EventBridge", Set.of("AmazonEventBridgeException", "FailedEntry")),
          "lambda",
              new Optimised(
                  "Lambda",
                  Set.of("AWSLambdaException", "ClientExecutionTimeoutException", "Unknown")),
          "sns", new Optimised("SNS", Set.of("AmazonSNSException")),
          "states", new Optimised("StepFunctions", Set.of("AWSStepFunctionsException")));

  private record Optimised(String prefix, Set<String> errors) {}

  /** Empty if the SDK has no such service or the service no such action. */
  static Optional<Operation> of(Resource resource) {
    return client(resource).stream()
        .flatMap(client -> Arrays.stream(client.getMethods()))
        .filter(method -> method.getName().equals(resource.action()) && takesRequest(method))
        .findFirst()
        .map(method -> new Operation(resource, method));
  }

  /** Every service that the linter has a model of, and how its errors' names begin. */
  static Stream<String> prefixes() {
    return Stream.concat(
        CLIENTS.stream().map(Operation::prefix),
        OPTIMISED.values().stream().map(Optimised::prefix));
  }

  /** The service as the SDK spells it. */
  static String service(Resource resource) {
    return resource.sdk()
        ? resource.service()
        : SERVICES.getOrDefault(resource.service(), resource.service());
  }

  /** The names of the errors that it can end with. */
  Set<String> errors() {
    Optional<Optimised> optimised =
        Optional.ofNullable(OPTIMISED.get(resource.service())).filter(_ -> !resource.sdk());
    Set<String> names = new HashSet<>(optimised.map(Optimised::errors).orElse(Set.of()));
    String base = prefix(call.getDeclaringClass()) + "Exception";
    Arrays.stream(call.getExceptionTypes())
        .filter(type -> !type.equals(AwsServiceException.class))
        .map(Class::getSimpleName)
        .filter(name -> optimised.isEmpty() || !name.equals(base))
        .forEach(names::add);
    String prefix = optimised.map(Optimised::prefix).orElse(prefix(call.getDeclaringClass()));
    return Set.copyOf(names.stream().map(name -> prefix + "." + name).toList());
  }

  /** An empty request. */
  SdkPojo request() {
    try {
      return (SdkPojo) call.getParameterTypes()[0].getMethod("builder").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Optional<Class<?>> client(Resource resource) {
    return CLIENTS.stream()
        .filter(client -> client.getPackageName().endsWith("." + service(resource)))
        .findFirst();
  }

  private static boolean takesRequest(Method method) {
    return method.getParameterCount() == 1
        && SdkRequest.class.isAssignableFrom(method.getParameterTypes()[0]);
  }

  private static String prefix(Class<?> client) {
    return client.getSimpleName().replaceAll("Client$", "");
  }
}
