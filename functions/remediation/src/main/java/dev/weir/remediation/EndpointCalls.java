package dev.weir.remediation;

import dev.weir.http.Endpoint;
import dev.weir.http.NotConnectedException;
import dev.weir.http.Signing;
import dev.weir.http.WholeBodyHttpClient;
import dev.weir.remedy.probe.Probe.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;

/** Single requests to SageMaker endpoints (InvokeEndpoint), never repeated. Thread-safe. */
final class EndpointCalls {

  private static final Duration CONNECT = Duration.ofSeconds(2);

  /** Answers are compared in their first part. */
  private static final int LONGEST_ANSWER = 1 << 20;

  private static final int MODEL_ERROR = 424;
  private static final Pattern ORIGINAL_STATUS =
      Pattern.compile("\"OriginalStatusCode\"\\s*:\\s*(\\d{3})");

  private final Endpoint endpoint;
  private final Signing signing;

  /**
   * Where, and by what, an endpoint is asked.
   *
   * @param variant asks one variant, whatever the weights say
   * @param model asks one model of a multi-model endpoint
   * @param component asks one inference component
   */
  record Target(
      String endpoint,
      Optional<String> variant,
      Optional<String> model,
      Optional<String> component) {}

  /**
   * What is asked.
   *
   * @param expect what the answer holds if it is right; empty where any is
   * @param refusalIsAnswer whether a container that refuses this (4xx) has shown that it serves
   */
  record Sample(
      String contentType, byte[] body, Optional<String> expect, boolean refusalIsAnswer) {}

  EndpointCalls(Endpoint endpoint, IdentityProvider<? extends AwsCredentialsIdentity> credentials) {
    this.endpoint = endpoint;
    this.signing = new Signing("sagemaker", endpoint.region(), credentials);
  }

  /**
   * Asks once.
   *
   * @param patience longest wait for the answer
   */
  Shown ask(Target target, Sample sample, Duration patience) {
    long start = System.nanoTime();
    try {
      HttpExecuteResponse reply =
          new WholeBodyHttpClient(CONNECT, patience)
              .prepareRequest(signing.sign(request(target, sample), sample.body()))
              .call();
      String answer = body(reply);
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      return shown(reply.httpResponse().statusCode(), answer, sample, millis);
    } catch (SocketTimeoutException e) {
      return new Shown.Failed("TIMEOUT");
    } catch (NotConnectedException e) {
      return new Shown.Failed("NOT_CONNECTED");
    } catch (IOException e) {
      return new Shown.Failed("BROKEN_OFF");
    }
  }

  private SdkHttpRequest request(Target target, Sample sample) {
    SdkHttpRequest.Builder request =
        endpoint.post(
            "/endpoints/" + target.endpoint() + "/invocations",
            sample.contentType(),
            sample.body().length);
    target.variant().ifPresent(name -> request.putHeader("X-Amzn-SageMaker-Target-Variant", name));
    target.model().ifPresent(name -> request.putHeader("X-Amzn-SageMaker-Target-Model", name));
    target
        .component()
        .ifPresent(name -> request.putHeader("X-Amzn-SageMaker-Inference-Component", name));
    return request.build();
  }

  private static String body(HttpExecuteResponse reply) throws IOException {
    if (reply.responseBody().isEmpty()) {
      return "";
    }
    try (InputStream in = reply.responseBody().get()) {
      return new String(in.readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
    }
  }

  private static Shown shown(int status, String answer, Sample sample, long millis) {
    if (status == 200) {
      return sample.expect().map(answer::contains).orElse(true)
          ? new Shown.Answered(millis)
          : new Shown.Failed("WRONG_ANSWER");
    }
    Matcher original = ORIGINAL_STATUS.matcher(answer);
    boolean refused = status == MODEL_ERROR && original.find() && original.group(1).startsWith("4");
    return refused && sample.refusalIsAnswer()
        ? new Shown.Answered(millis)
        : new Shown.Failed("STATUS_" + status);
  }
}
