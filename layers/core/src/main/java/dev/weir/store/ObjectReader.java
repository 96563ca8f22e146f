package dev.weir.store;

import dev.weir.http.Endpoint;
import dev.weir.http.Signing;
import dev.weir.http.WholeBodyHttpClient;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * A bucket of S3 that is only read (ListObjectsV2, GetObject), each request up to three times.
 * Thread-safe.
 */
public final class ObjectReader {

  private static final String SERVICE = "s3";
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int ATTEMPTS = 3;

  private final Endpoint endpoint;
  private final Signing signing;
  private final SdkHttpClient http = new WholeBodyHttpClient(CONNECT, ANSWER);
  private final String bucket;

  /**
   * An object.
   *
   * @param size in bytes
   * @param version what changes with its content (its entity tag); empty if S3 gives none
   */
  public record Entry(String key, long size, String version) {}

  /** A bucket with the credentials, Region and endpoint the environment names. */
  public ObjectReader(String bucket, Map<String, String> environment) {
    this(bucket, Endpoint.of(SERVICE, environment), DefaultCredentialsProvider.builder().build());
  }

  /** A bucket at an endpoint. */
  public ObjectReader(
      String bucket,
      Endpoint endpoint,
      IdentityProvider<? extends AwsCredentialsIdentity> credentials) {
    this.bucket = bucket;
    this.endpoint = endpoint;
    this.signing = new Signing(SERVICE, endpoint.region(), credentials);
  }

  /**
   * The objects whose keys begin with a prefix, in the order of their keys.
   *
   * @param most of them are looked for; more are not even listed
   * @throws IOException when S3 refused or did not answer
   */
  public List<Entry> list(String prefix, int most) throws IOException {
    List<Entry> entries = new ArrayList<>();
    Optional<String> next = Optional.empty();
    do {
      SdkHttpRequest.Builder request =
          get("/" + bucket)
              .putRawQueryParameter("list-type", "2")
              .putRawQueryParameter("prefix", prefix);
      next.ifPresent(token -> request.putRawQueryParameter("continuation-token", token));
      try (InputStream body = answer(request.build())) {
        next = read(body, entries);
      } catch (XMLStreamException e) {
        throw new IOException("S3 answered no list", e);
      }
    } while (next.isPresent() && entries.size() < most);
    return entries.subList(0, Math.min(most, entries.size()));
  }

  /**
   * The content of an object, to be closed.
   *
   * @throws IOException when S3 refused or did not answer
   */
  public InputStream open(String key) throws IOException {
    return answer(get("/" + bucket + "/" + SdkHttpUtils.urlEncodeIgnoreSlashes(key)).build());
  }

  private SdkHttpRequest.Builder get(String path) {
    return endpoint
        .post(path, "", 0)
        .method(SdkHttpMethod.GET)
        .removeHeader("Content-Type")
        .removeHeader("Content-Length");
  }

  private InputStream answer(SdkHttpRequest request) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return once(request);
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        pause();
      }
    }
  }

  private InputStream once(SdkHttpRequest request) throws IOException {
    HttpExecuteResponse reply = http.prepareRequest(signing.sign(request)).call();
    InputStream body =
        reply.responseBody().<InputStream>map(each -> each).orElseGet(InputStream::nullInputStream);
    if (!reply.httpResponse().isSuccessful()) {
      body.close();
      throw new IOException("S3 answered " + reply.httpResponse().statusCode());
    }
    return body;
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Adds the entries of a page; the token of the next one, if there is one. */
  private static Optional<String> read(InputStream page, List<Entry> entries)
      throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    XMLStreamReader xml = factory.createXMLStreamReader(page);
    Optional<String> next = Optional.empty();
    String key = "";
    String version = "";
    while (xml.hasNext()) {
      if (xml.next() == XMLStreamConstants.START_ELEMENT) {
        switch (xml.getLocalName()) {
          case "Key" -> {
            key = xml.getElementText();
            version = "";
          }
          case "ETag" -> version = xml.getElementText();
          case "Size" -> entries.add(new Entry(key, Long.parseLong(xml.getElementText()), version));
          case "NextContinuationToken" -> next = Optional.of(xml.getElementText());
          default -> {}
        }
      }
    }
    return next;
  }
}
