package dev.weir.local.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.local.http.Exchange;
import dev.weir.local.http.Headers;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * IAM as far as there is one here: the access key {@code local} with the secret {@code local} may
 * do anything, and its Signature Version 4 is checked (AWS IAM user guide, "Create a signed AWS API
 * request").
 */
final class Iam {
  static final String USER = "arn:aws:iam::000000000000:user/local";

  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final String ACCESS_KEY = "local";
  private static final String SECRET = "local";
  private static final Duration SKEW = Duration.ofMinutes(5);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT);
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          ALGORITHM
              + " Credential=([^/, ]+)/((\\d{8})/([a-z0-9-]+)/execute-api/aws4_request), ?"
              + "SignedHeaders=([^, ]+), ?Signature=([0-9a-f]{64})");

  private final InstantSource clock;

  /** Whether a call may go on. */
  sealed interface Verdict {}

  record Signed(String userArn) implements Verdict {}

  record Refused(GatewayError error) implements Verdict {}

  Iam(InstantSource clock) {
    this.clock = clock;
  }

  Verdict check(Exchange exchange, byte[] body) {
    Optional<String> authorization = exchange.headers().last("Authorization");
    if (authorization.isEmpty()) {
      return new Refused(GatewayError.MISSING_AUTHENTICATION_TOKEN);
    }
    Matcher parts = AUTHORIZATION.matcher(authorization.get());
    return parts.matches()
            && parts.group(1).equals(ACCESS_KEY)
            && isRecent(exchange.headers(), parts.group(3))
            && isHeadersSigned(parts.group(5))
            && expected(exchange, body, parts).equals(parts.group(6))
        ? new Signed(USER)
        : new Refused(GatewayError.INVALID_SIGNATURE);
  }

  private boolean isRecent(Headers headers, String day) {
    String date = headers.last("X-Amz-Date").orElse("");
    try {
      Instant signed = LocalDateTime.parse(date, DATE).toInstant(ZoneOffset.UTC);
      return date.startsWith(day)
          && Duration.between(signed, clock.instant()).abs().compareTo(SKEW) <= 0;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static boolean isHeadersSigned(String signedHeaders) {
    return Arrays.asList(signedHeaders.split(";")).contains("host");
  }

  private static String expected(Exchange exchange, byte[] body, Matcher parts) {
    String canonical =
        String.join(
            "\n",
            exchange.method(),
            path(exchange.path()),
            query(exchange.query()),
            headers(exchange.headers(), parts.group(5)),
            parts.group(5),
            hex(body));
    String toSign =
        String.join(
            "\n",
            ALGORITHM,
            exchange.headers().last("X-Amz-Date").orElse(""),
            parts.group(2),
            hex(canonical.getBytes(UTF_8)));
    byte[] key = ("AWS4" + SECRET).getBytes(UTF_8);
    for (String scope : parts.group(2).split("/")) {
      key = mac(key, scope);
    }
    return HexFormat.of().formatHex(mac(key, toSign));
  }

  /** Every service but S3 encodes the encoded path once more. */
  private static String path(String raw) {
    return Arrays.stream(raw.split("/", -1)).map(Iam::encoded).collect(Collectors.joining("/"));
  }

  private static String query(String raw) {
    return Arrays.stream(raw.split("&"))
        .filter(pair -> !pair.isEmpty())
        .map(pair -> pair.split("=", 2))
        .map(pair -> recoded(pair[0]) + "=" + (pair.length > 1 ? recoded(pair[1]) : ""))
        .sorted()
        .collect(Collectors.joining("&"));
  }

  private static String recoded(String text) {
    return encoded(URLDecoder.decode(text.replace("+", "%2B"), UTF_8));
  }

  private static String headers(Headers headers, String names) {
    return Arrays.stream(names.split(";"))
        .map(
            name -> name + ":" + headers.last(name).orElse("").strip().replaceAll(" +", " ") + "\n")
        .collect(Collectors.joining());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  private static String hex(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] mac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
