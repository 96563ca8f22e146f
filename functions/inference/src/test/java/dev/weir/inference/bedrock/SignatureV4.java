package dev.weir.inference.bedrock;

import dev.weir.inference.upstream.FakeUpstream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signature Version 4 as a server checks it: from what arrived, by the steps of the AWS reference
 * ("Create a signed AWS API request"), without the SDK.
 */
final class SignatureV4 {
  private SignatureV4() {}

  /** The signature the request should carry. */
  static String expected(FakeUpstream.Seen seen, String secret) throws GeneralSecurityException {
    String scope = between(seen, "Credential=", ",").replaceFirst("^[^/]*/", "");
    List<String> signed = List.of(between(seen, "SignedHeaders=", ",").split(";"));
    String canonical =
        String.join(
            "\n",
            "POST",
            Arrays.stream(seen.path().split("/", -1))
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8))
                .collect(Collectors.joining("/")),
            "",
            signed.stream()
                .map(name -> name + ":" + seen.headers().get(name) + "\n")
                .collect(Collectors.joining()),
            String.join(";", signed),
            hash(seen.body()));
    String toSign =
        String.join(
            "\n",
            "AWS4-HMAC-SHA256",
            seen.headers().get("x-amz-date"),
            scope,
            hash(canonical.getBytes(StandardCharsets.UTF_8)));
    byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
    for (String part : scope.split("/")) {
      key = hmac(key, part);
    }
    return HexFormat.of().formatHex(hmac(key, toSign));
  }

  /** The signature the request does carry. */
  static String actual(FakeUpstream.Seen seen) {
    return between(seen, "Signature=", ",");
  }

  /** Date, Region and service the request is signed for. */
  static String scope(FakeUpstream.Seen seen) {
    return between(seen, "Credential=", ",");
  }

  private static String between(FakeUpstream.Seen seen, String start, String end) {
    String authorization = seen.headers().get("authorization") + end;
    int from = authorization.indexOf(start) + start.length();
    return authorization.substring(from, authorization.indexOf(end, from));
  }

  private static String hash(byte[] bytes) throws GeneralSecurityException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }
}
