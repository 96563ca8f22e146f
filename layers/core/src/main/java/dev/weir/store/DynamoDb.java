package dev.weir.store;

import dev.weir.http.WholeBodyHttpClient;
import java.time.Duration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/**
 * How Weir talks to DynamoDB. Region, credentials and endpoint come from the environment as the SDK
 * reads it ({@code AWS_REGION}, {@code AWS_ENDPOINT_URL}, {@code AWS_ENDPOINT_URL_DYNAMODB}).
 */
public final class DynamoDb {

  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ATTEMPT = Duration.ofSeconds(3);
  private static final Duration CALL = Duration.ofSeconds(8);

  private DynamoDb() {}

  /**
   * A client for admissions and settlements: two attempts, all over within {@code timeout}. The
   * limiter's proof needs that bound, so it must be the limiter's own timeout.
   */
  public static DynamoDbClientBuilder limiter(Duration timeout) {
    Duration attempt = timeout.multipliedBy(9).dividedBy(20);
    return client(attempt, attempt, timeout, 2);
  }

  /** A client for everything else: three attempts, all over within 8 s. */
  public static DynamoDbClientBuilder standard() {
    return client(CONNECT, ATTEMPT, CALL, 3);
  }

  private static DynamoDbClientBuilder client(
      Duration connect, Duration attempt, Duration call, int attempts) {
    return DynamoDbClient.builder()
        .httpClient(new WholeBodyHttpClient(connect, attempt))
        .overrideConfiguration(settings ->
            settings
                .apiCallTimeout(call)
                .retryStrategy(
                    AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(attempts)
                        .build()));
  }
}
