package dev.weir.authorizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.weir.tenant.KeyOwner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * What an authorizer answers (API Gateway developer guide, "Output from an API Gateway Lambda
 * authorizer"). It covers the whole stage, because API Gateway caches it by key for every route.
 */
final class Policy {

  private static final JsonFactory JSON = new JsonFactory();

  private Policy() {}

  static byte[] allow(AuthorizerEvent event, KeyOwner owner) {
    return write(event, owner.tenantId(), "Allow", Optional.of(owner));
  }

  static byte[] deny(AuthorizerEvent event) {
    return write(event, "nobody", "Deny", Optional.empty());
  }

  private static byte[] write(
      AuthorizerEvent event, String principal, String effect, Optional<KeyOwner> owner) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("principalId", principal);
      json.writeObjectFieldStart("policyDocument");
      json.writeStringField("Version", "2012-10-17");
      json.writeArrayFieldStart("Statement");
      json.writeStartObject();
      json.writeStringField("Action", "execute-api:Invoke");
      json.writeStringField("Effect", effect);
      json.writeStringField("Resource", stage(event.methodArn()));
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
      if (owner.isPresent()) {
        json.writeObjectFieldStart("context");
        json.writeStringField("tenantId", owner.get().tenantId());
        json.writeStringField("keyId", owner.get().keyId());
        json.writeEndObject();
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** {@code arn:aws:execute-api:region:account:api/stage/METHOD/path} to {@code …/stage/*}. */
  private static String stage(String methodArn) {
    int api = methodArn.indexOf('/');
    int stage = api < 0 ? -1 : methodArn.indexOf('/', api + 1);
    return stage < 0 ? methodArn : methodArn.substring(0, stage) + "/*";
  }
}
