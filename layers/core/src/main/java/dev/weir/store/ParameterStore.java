package dev.weir.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.http.Endpoint;
import dev.weir.http.ServiceCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/** SSM's parameters, read one by one (SSM API reference, GetParameter). Thread-safe. */
public final class ParameterStore {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ServiceCall ssm;

  /** With the credentials, Region and endpoint the environment names. */
  public ParameterStore(Map<String, String> environment) {
    this.ssm =
        new ServiceCall(
            "ssm", Endpoint.of("ssm", environment), DefaultCredentialsProvider.builder().build());
  }

  /**
   * A parameter's value.
   *
   * @param atMillis epoch milliseconds since when it has been so
   */
  public record Value(String text, long atMillis) {}

  /**
   * Reads a parameter.
   *
   * @throws UncheckedIOException when it cannot be read
   */
  public Value value(String name) {
    try {
      byte[] reply =
          ssm.post(
              "application/x-amz-json-1.1",
              Map.of("X-Amz-Target", "AmazonSSM.GetParameter"),
              JSON.writeValueAsBytes(Map.of("Name", name)));
      JsonNode parameter = JSON.readTree(reply).path("Parameter");
      if (!parameter.path("Value").isTextual()) {
        throw new IOException("the reply has no value");
      }
      return new Value(
          parameter.path("Value").textValue(),
          (long) (parameter.path("LastModifiedDate").asDouble() * 1000));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
