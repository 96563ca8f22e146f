package dev.weir.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Pattern;

/** A probe that asks the local SageMaker's endpoint once. */
public final class WorldProbe implements RequestStreamHandler {
  private static final Pattern ENDPOINT = Pattern.compile("\"endpoint\":\"([^\"]+)\"");

  @Override
  public void handleRequest(InputStream event, OutputStream out, Context context)
      throws IOException {
    var endpoint = ENDPOINT.matcher(new String(event.readAllBytes(), UTF_8));
    if (!endpoint.find()) {
      throw new IllegalArgumentException("no endpoint");
    }
    var url = System.getenv("AWS_ENDPOINT_URL_SAGEMAKER");
    var request =
        HttpRequest.newBuilder(URI.create(url + "/endpoints/" + endpoint.group(1) + "/invocations"))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    try (var http = HttpClient.newHttpClient()) {
      var status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      out.write("{\"ok\":%b}".formatted(status == 200).getBytes(UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
