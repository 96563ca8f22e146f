package dev.weir.cli;

import dev.weir.admin.AdminReply;
import dev.weir.admin.AdminRequest;
import dev.weir.http.Signing;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/** The admin routes of a deployment, each request signed with Signature Version 4. */
final class SignedRoutes implements Way {

  private static final Duration TIMEOUT = Duration.ofSeconds(35);

  /** The JDK's client sets these itself, to the values that were signed. */
  private static final Set<String> OWN = Set.of("host", "content-length");

  private final URI base;
  private final Signing signing;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

  /**
   * @param base of the API with its stage
   * @param signing for the service {@code execute-api}
   */
  SignedRoutes(URI base, Signing signing) {
    this.base = base;
    this.signing = signing;
  }

  @Override
  public AdminReply send(AdminRequest request) throws IOException {
    SdkHttpRequest signed = signing.sign(unsigned(request), request.body()).httpRequest();
    HttpRequest.Builder call =
        HttpRequest.newBuilder(signed.getUri())
            .timeout(TIMEOUT)
            .method(request.method(), HttpRequest.BodyPublishers.ofByteArray(request.body()));
    signed.forEachHeader((name, values) -> {
      if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
        values.forEach(value -> call.header(name, value));
      }
    });
    try {
      HttpResponse<byte[]> reply = http.send(call.build(), HttpResponse.BodyHandlers.ofByteArray());
      Map<String, String> headers = new TreeMap<>();
      reply.headers().map().forEach((name, values) -> headers.put(name, values.getLast()));
      return new AdminReply(reply.statusCode(), headers, reply.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private SdkHttpRequest unsigned(AdminRequest request) {
    String path =
        request.path().stream().map(SdkHttpUtils::urlEncode).collect(Collectors.joining("/"));
    String root = base.getRawPath() == null ? "" : base.getRawPath();
    SdkHttpRequest.Builder unsigned =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.fromValue(request.method()))
            .uri(base)
            .encodedPath(SdkHttpUtils.appendUri(root, AdminRequest.ROOT + "/" + path))
            .putHeader("Content-Type", "application/json");
    request.query().forEach(unsigned::putRawQueryParameter);
    request.headers().forEach(unsigned::putHeader);
    return unsigned.build();
  }
}
