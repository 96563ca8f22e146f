package dev.weir.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** API Gateway's events (proxy format 1.0) of one tenant's requests, as long as real ones. */
final class Events {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Long enough that the prompt is counted by the tokenizer. */
  static final String SYSTEM =
      "You help the support team of a company that makes pumps. Answer in at most three sentences,"
          + " name the manual's chapter, and never guess a part number. If a question is not about"
          + " pumps, say so and stop. Prices and delivery times are not yours to give.";

  static final String QUESTION =
      "A customer writes that the circulation pump of the large model hums after the first start"
          + " of the season and that the flow sensor shows half of what it showed last year. They"
          + " have opened the valve on the left, waited ten minutes and read the display again."
          + " What should they check next, and in which order, before they call us?";

  static final int MAX_TOKENS = 128;

  private final String tenantId;
  private final String keyId;

  Events(String tenantId, String keyId) {
    this.tenantId = tenantId;
    this.keyId = keyId;
  }

  byte[] buffered(String model, String question) {
    return buffered(model, question, Map.of());
  }

  /** With header fields of its own. */
  byte[] buffered(String model, String question, Map<String, String> headers) {
    return event("/v1/chat/completions", chat(model, question), headers);
  }

  /** With another bound of the answer. */
  byte[] capped(String model, String question, int maxTokens) {
    ObjectNode chat = chat(model, question).put("max_tokens", maxTokens);
    return event("/v1/chat/completions", chat, Map.of());
  }

  /** One of many questions that may share answers, in one of two ways to ask it: do or can. */
  byte[] alike(String verb, int number) {
    String question =
        "How %s I clean the filter of pump number %d in our hall?".formatted(verb, number);
    ObjectNode chat = chat("similar", question).put("temperature", 0);
    return event("/v1/chat/completions", chat, Map.of());
  }

  byte[] embeddings(String model, List<String> texts) {
    ObjectNode request = JSON.createObjectNode().put("model", model);
    texts.forEach(request.putArray("input")::add);
    return event("/v1/embeddings", request, Map.of());
  }

  /** A turn of the Responses API. */
  byte[] response(String model, String question, boolean isStored) {
    ObjectNode request =
        JSON.createObjectNode()
            .put("model", model)
            .put("max_output_tokens", MAX_TOKENS)
            .put("instructions", SYSTEM)
            .put("input", question)
            .put("store", isStored);
    return event("/v1/responses", request, Map.of());
  }

  byte[] streamed(String model, String question) {
    ObjectNode chat = chat(model, question).put("stream", true);
    chat.putObject("stream_options").put("include_usage", true);
    return event("/v1/chat/completions", chat, Map.of());
  }

  private static ObjectNode chat(String model, String question) {
    ObjectNode chat = JSON.createObjectNode().put("model", model).put("max_tokens", MAX_TOKENS);
    chat.putArray("messages")
        .add(JSON.createObjectNode().put("role", "system").put("content", SYSTEM))
        .add(JSON.createObjectNode().put("role", "user").put("content", question));
    return chat;
  }

  private byte[] event(String path, ObjectNode body, Map<String, String> ownHeaders) {
    ObjectNode event =
        JSON.createObjectNode().put("resource", path).put("path", path).put("httpMethod", "POST");
    headers(event, ownHeaders);
    event.putNull("queryStringParameters").putNull("multiValueQueryStringParameters");
    event.putNull("pathParameters").putNull("stageVariables");
    context(path, event.putObject("requestContext"));
    event.put("isBase64Encoded", false);
    try {
      event.put("body", JSON.writeValueAsString(body));
      return JSON.writeValueAsBytes(event);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void headers(ObjectNode event, Map<String, String> own) {
    String[] headers = {
      "Accept", "application/json",
      "Accept-Encoding", "gzip, deflate",
      "Authorization", "Bearer weir_0000000000000000000000000000000000000000000",
      "Content-Type", "application/json",
      "Host", "api.example.com",
      "User-Agent", "OpenAI/Python 2.8.1",
      "X-Amzn-Trace-Id", "Root=1-69215e00-0123456789abcdef01234567",
      "X-Forwarded-For", "203.0.113.7",
      "X-Forwarded-Port", "443",
      "X-Forwarded-Proto", "https",
      "x-stainless-lang", "python",
      "x-stainless-retry-count", "0",
    };
    ObjectNode single = event.putObject("headers");
    ObjectNode multiple = event.putObject("multiValueHeaders");
    for (int i = 0; i < headers.length; i += 2) {
      single.put(headers[i], headers[i + 1]);
      multiple.putArray(headers[i]).add(headers[i + 1]);
    }
    own.forEach((name, value) -> {
      single.put(name, value);
      multiple.putArray(name).add(value);
    });
  }

  private void context(String path, ObjectNode context) {
    context
        .put("resourceId", "abc123")
        .put("resourcePath", path)
        .put("httpMethod", "POST")
        .put("requestId", "0b5d5c4e-6f0d-4c5c-9e0a-1f2e3d4c5b6a")
        .put("path", "/live" + path)
        .put("accountId", "123456789012")
        .put("protocol", "HTTP/1.1")
        .put("stage", "live")
        .put("requestTimeEpoch", 1_795_305_600_000L)
        .put("apiId", "a1b2c3d4e5");
    context
        .putObject("authorizer")
        .put("tenantId", tenantId)
        .put("keyId", keyId)
        .put("principalId", tenantId)
        .put("integrationLatency", 12);
    context.putObject("identity").put("sourceIp", "203.0.113.7").put("userAgent", "OpenAI/Python");
  }
}
