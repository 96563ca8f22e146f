package dev.weir.store;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weir.http.Endpoint;
import dev.weir.http.WholeBodyHttpClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * The SDK's own client beside ours, each before a server of its own that gives the same reply to
 * every request. Both try twice.
 */
final class Judged implements AutoCloseable {

  static final Duration TIMEOUT = Duration.ofSeconds(4);
  private static final StaticCredentialsProvider CREDENTIALS =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", "secret"));

  /** How a server answers. */
  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  /** What a server was sent. */
  record Sent(String path, Map<String, List<String>> headers, byte[] body) {}

  /** What a caller was told: a response or a fault, and the requests that took. */
  record Told(Object outcome, int requests) {}

  private record Fault(
      Class<?> kind,
      int status,
      @Nullable String code,
      @Nullable String message,
      @Nullable String requestId,
      String date,
      Object details) {}

  private static final class Server implements AutoCloseable {
    private final HttpServer http;
    private final List<Sent> sent = new CopyOnWriteArrayList<>();

    Server(Answer answer) throws IOException {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      http.createContext(
          "/",
          exchange -> {
            sent.add(
                new Sent(
                    exchange.getRequestURI().toString(),
                    Map.copyOf(exchange.getRequestHeaders()),
                    exchange.getRequestBody().readAllBytes()));
            answer.to(exchange);
          });
      http.start();
    }

    URI uri() {
      return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    @Override
    public void close() {
      http.stop(0);
    }
  }

  private final Server before;
  private final Server beforeSdk;
  private final DynamoDbClient client;
  private final DynamoDbClient sdk;

  Judged(Answer answer) throws IOException {
    before = new Server(answer);
    beforeSdk = new Server(answer);
    client =
        new DynamoDb(new Endpoint(before.uri(), "eu-west-1"), CREDENTIALS, http -> http)
            .limiter(TIMEOUT);
    Duration attempt = TIMEOUT.multipliedBy(9).dividedBy(20);
    sdk =
        DynamoDbClient.builder()
            .httpClient(new WholeBodyHttpClient(attempt, attempt))
            .overrideConfiguration(settings ->
                settings
                    .apiCallTimeout(TIMEOUT)
                    .retryStrategy(
                        AwsRetryStrategy.standardRetryStrategy().toBuilder()
                            .maxAttempts(2)
                            .build()))
            .endpointOverride(beforeSdk.uri())
            .region(Region.EU_WEST_1)
            .credentialsProvider(CREDENTIALS)
            .build();
  }

  /** What ours and the SDK's client tell their callers, in this order. */
  List<Told> ask(Function<DynamoDbClient, ? extends DynamoDbResponse> request) {
    CompletableFuture<Told> ours =
        CompletableFuture.supplyAsync(() -> told(before, client, request));
    return List.of(told(beforeSdk, sdk, request), ours.join()).reversed();
  }

  /** The last requests of ours and of the SDK's client, in this order. */
  List<Sent> sent() {
    return List.of(before.sent.getLast(), beforeSdk.sent.getLast());
  }

  private static Told told(
      Server server,
      DynamoDbClient client,
      Function<DynamoDbClient, ? extends DynamoDbResponse> request) {
    Object outcome;
    try {
      DynamoDbResponse response = request.apply(client);
      outcome = List.of(fields(response), date(response.sdkHttpResponse()));
    } catch (AwsServiceException e) {
      outcome =
          new Fault(
              e.getClass(),
              e.statusCode(),
              e.awsErrorDetails().errorCode(),
              e.awsErrorDetails().errorMessage(),
              e.requestId(),
              date(e.awsErrorDetails().sdkHttpResponse()),
              details(e));
    } catch (SdkException e) {
      outcome = e.getClass();
    }
    return new Told(outcome, server.sent.size());
  }

  private static List<Object> fields(DynamoDbResponse response) {
    return response.sdkFields().stream()
        .<Object>map(field -> Optional.ofNullable(field.getValueOrDefault(response)))
        .toList();
  }

  private static Object details(AwsServiceException fault) {
    return switch (fault) {
      case ConditionalCheckFailedException failed -> List.of(failed.hasItem(), failed.item());
      case TransactionCanceledException cancelled -> cancelled.cancellationReasons();
      default -> "";
    };
  }

  private static String date(SdkHttpResponse response) {
    return response.firstMatchingHeader("Date").map(date -> "dated").orElse("");
  }

  @Override
  public void close() {
    client.close();
    sdk.close();
    before.close();
    beforeSdk.close();
  }
}
