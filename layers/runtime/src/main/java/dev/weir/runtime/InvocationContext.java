package dev.weir.runtime;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a handler may ask about its invocation and its function. */
final class InvocationContext implements Context {
  private final Invocation invocation;
  private final Map<String, String> environment;
  private final InstantSource clock;

  InvocationContext(Invocation invocation, Map<String, String> environment, InstantSource clock) {
    this.invocation = invocation;
    this.environment = environment;
    this.clock = clock;
  }

  @Override
  public String getAwsRequestId() {
    return invocation.requestId();
  }

  @Override
  public String getInvokedFunctionArn() {
    return invocation.functionArn();
  }

  @Override
  public int getRemainingTimeInMillis() {
    return Math.toIntExact(Math.max(0, invocation.deadlineMillis() - clock.millis()));
  }

  @Override
  public @Nullable String getXrayTraceId() {
    return invocation.traceId().isEmpty() ? null : invocation.traceId();
  }

  @Override
  public String getLogGroupName() {
    return setting("AWS_LAMBDA_LOG_GROUP_NAME");
  }

  @Override
  public String getLogStreamName() {
    return setting("AWS_LAMBDA_LOG_STREAM_NAME");
  }

  @Override
  public String getFunctionName() {
    return setting("AWS_LAMBDA_FUNCTION_NAME");
  }

  @Override
  public String getFunctionVersion() {
    return setting("AWS_LAMBDA_FUNCTION_VERSION");
  }

  @Override
  public int getMemoryLimitInMB() {
    return Integer.parseInt(environment.getOrDefault("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "0"));
  }

  /** None: API Gateway never sends one. */
  @Override
  public @Nullable CognitoIdentity getIdentity() {
    return null;
  }

  /** None: API Gateway never sends one. */
  @Override
  public @Nullable ClientContext getClientContext() {
    return null;
  }

  @Override
  public LambdaLogger getLogger() {
    return LambdaRuntime.getLogger();
  }

  private String setting(String name) {
    return environment.getOrDefault(name, "");
  }
}
