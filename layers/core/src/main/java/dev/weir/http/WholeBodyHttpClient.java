package dev.weir.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * The AWS SDK's HTTP client on {@link HttpURLConnection}, which hands a request's body over whole.
 *
 * <p>The SDK's own streams it, and before a streamed POST the JDK tries every kept connection by a
 * read that waits a millisecond in vain. Without that test a kept connection is used for the 5 s of
 * the JDK's cache, or for as long as the server said; one that broke meanwhile fails the call,
 * which is not sent again unseen. A call that found no connection fails with {@link
 * NotConnectedException}. Thread-safe.
 */
public final class WholeBodyHttpClient implements SdkHttpClient {
  static {
    // Read once, when HttpURLConnection is first used: it would send a POST again by itself, and
    // keep 5 connections to a host however many calls run at once.
    System.setProperty("sun.net.http.retryPost", "false");
    System.setProperty("http.maxConnections", "64");
  }

  private final int connectMillis;
  private final int readMillis;

  /**
   * A client.
   *
   * @param connect longest wait for a connection
   * @param read longest wait for the next bytes of a reply
   */
  public WholeBodyHttpClient(Duration connect, Duration read) {
    connectMillis = Math.toIntExact(connect.toMillis());
    readMillis = Math.toIntExact(read.toMillis());
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new Call(request);
  }

  @Override
  public String clientName() {
    return "WholeBody";
  }

  /** Nothing is held here: the JDK closes its idle connections itself. */
  @Override
  public void close() {}

  private final class Call implements ExecutableHttpRequest {
    private final HttpExecuteRequest request;
    private Optional<HttpURLConnection> connection = Optional.empty();

    Call(HttpExecuteRequest request) {
      this.request = request;
    }

    @Override
    public HttpExecuteResponse call() throws IOException {
      HttpURLConnection open = open(request.httpRequest());
      synchronized (this) {
        connection = Optional.of(open);
      }
      open.setDoOutput(request.contentStreamProvider().isPresent());
      connect(open);
      if (request.contentStreamProvider().isPresent()) {
        write(request.contentStreamProvider().get(), open);
      }
      int status = open.getResponseCode();
      SdkHttpResponse.Builder head =
          SdkHttpResponse.builder().statusCode(status).statusText(open.getResponseMessage());
      open.getHeaderFields()
          .forEach((name, values) -> {
            if (name != null) { // the status line has none
              head.putHeader(name, values);
            }
          });
      return HttpExecuteResponse.builder()
          .response(head.build())
          .responseBody(
              Optional.ofNullable(status < 400 ? open.getInputStream() : open.getErrorStream())
                  .map(body -> AbortableInputStream.create(body, open::disconnect))
                  .orElse(null))
          .build();
    }

    @Override
    public synchronized void abort() {
      connection.ifPresent(HttpURLConnection::disconnect);
    }
  }

  private HttpURLConnection open(SdkHttpRequest request) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) request.getUri().toURL().openConnection();
    connection.setConnectTimeout(connectMillis);
    connection.setReadTimeout(readMillis);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setRequestMethod(request.method().name());
    request.forEachHeader(
        (name, values) -> values.forEach(value -> connection.addRequestProperty(name, value)));
    if (request.firstMatchingHeader("Accept").isEmpty()) {
      connection.setRequestProperty("Accept", "*/*");
    }
    return connection;
  }

  private static void connect(HttpURLConnection connection) throws NotConnectedException {
    try {
      connection.connect();
    } catch (IOException e) {
      throw new NotConnectedException(e);
    }
  }

  private static void write(ContentStreamProvider body, HttpURLConnection connection)
      throws IOException {
    try (InputStream in = body.newStream();
        OutputStream out = connection.getOutputStream()) {
      in.transferTo(out);
    }
  }
}
