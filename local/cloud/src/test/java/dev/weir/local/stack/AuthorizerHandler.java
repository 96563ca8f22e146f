package dev.weir.local.stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicInteger;

/** Allows or refuses as the key says, and tells how often it was asked. */
public final class AuthorizerHandler implements RequestStreamHandler {
  private final AtomicInteger asked = new AtomicInteger();

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    var event = new String(input.readAllBytes(), UTF_8);
    var key = event.replaceFirst("(?s).*\"headers\":\\{[^}]*\"Authorization\":\"(\\w+).*", "$1");
    if (key.equals("unauthorized")) {
      throw new IllegalStateException("Unauthorized");
    }
    if (key.equals("crash")) {
      throw new IllegalStateException("as ordered");
    }
    var effect = key.startsWith("allow") ? "Allow" : "Deny";
    var policy =
        """
        {"principalId":"p","policyDocument":{"Version":"2012-10-17","Statement":[{"Action":\
        "execute-api:Invoke","Effect":"%s","Resource":"arn:aws:execute-api:*:*:*/live/*"}]},\
        "context":{"tenantId":"t1","asked":%d}}\
        """
            .formatted(effect, asked.incrementAndGet());
    output.write((key.equals("malformed") ? "{}" : policy).getBytes(UTF_8));
  }
}
