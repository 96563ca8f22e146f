package dev.weir.store;

import dev.weir.http.Endpoint;
import dev.weir.http.Signing;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** How Weir talks to DynamoDB: which clients there are, and how long they try. */
public final class DynamoDb {

  private static final String SERVICE = "dynamodb";
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ATTEMPT = Duration.ofSeconds(3);
  private static final Duration CALL = Duration.ofSeconds(8);

  private final Endpoint endpoint;
  private final Signing signing;
  private final UnaryOperator<SdkHttpClient> wire;

  /**
   * DynamoDB with the credentials, Region and endpoint the environment names ({@code AWS_REGION},
   * {@code AWS_ENDPOINT_URL_DYNAMODB}, {@code AWS_ENDPOINT_URL}).
   */
  public DynamoDb(Map<String, String> environment) {
    this(
        Endpoint.of(SERVICE, environment),
        DefaultCredentialsProvider.builder().build(),
        http -> http);
  }

  /**
   * DynamoDB at an endpoint.
   *
   * @param wire put around the HTTP client of each attempt
   */
  public DynamoDb(
      Endpoint endpoint,
      IdentityProvider<? extends AwsCredentialsIdentity> credentials,
      UnaryOperator<SdkHttpClient> wire) {
    this.endpoint = endpoint;
    this.signing = new Signing(SERVICE, endpoint.region(), credentials);
    this.wire = wire;
  }

  /**
   * A client for admissions and settlements: two attempts, all over within {@code timeout}. The
   * limiter's proof needs that bound, so it must be the limiter's own timeout.
   */
  public DynamoDbClient limiter(Duration timeout) {
    Duration attempt = timeout.multipliedBy(9).dividedBy(20);
    return client(new Patience(attempt, attempt, timeout, 2));
  }

  /** A client for everything else: three attempts, all over within 8 s. */
  public DynamoDbClient standard() {
    return client(new Patience(CONNECT, ATTEMPT, CALL, 3));
  }

  private DynamoDbClient client(Patience patience) {
    return new ItemClient(endpoint, signing, patience, wire);
  }
}
