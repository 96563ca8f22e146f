package dev.weir.inference.sagemaker;

import dev.weir.http.Endpoint;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Clients of a server of the test's own. */
public final class TestClients {
  private static final StaticCredentialsProvider NOBODY =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", "secret"));

  private TestClients() {}

  public static EndpointClient endpoints(URI server) {
    return new EndpointClient(new Endpoint(server, "eu-west-1"), NOBODY);
  }

  public static SageMakerClient chat(URI server) {
    return new SageMakerClient(new Endpoint(server, "eu-west-1"), NOBODY);
  }

  public static Objects objects(URI server) {
    return new Objects("bucket", new Endpoint(server, "eu-west-1"), NOBODY);
  }

  /** A frame of it that carries server-sent events; single quotes stand for double ones. */
  public static byte[] events(String... data) {
    return part(Wire.events(data));
  }

  /** A frame of InvokeEndpointWithResponseStream. */
  public static byte[] part(String bytes) {
    return Wire.part(Wire.utf8(bytes));
  }

  /** An exception frame of it. */
  public static byte[] exception(String type) {
    return Wire.exception(type, "{'Message':'canary'}");
  }
}
