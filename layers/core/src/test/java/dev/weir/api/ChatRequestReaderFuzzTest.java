package dev.weir.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whatever arrives, the reader answers, quickly, with a request or a 4xx that names a reason. */
class ChatRequestReaderFuzzTest {
  private static final int CASES = 50_000;
  private static final int WARM_UP = 5_000;
  private static final int CAP = 1_000_000;

  /** The template's default for MaxBodyBytes. */
  private static final int LARGE_CAP = 4_000_000;

  private static final int WARM_READS = 10;
  private static final int TIMED_READS = 5;
  private static final Duration LONGEST = Duration.ofMillis(50);

  private final ChatRequestReader reader = new ChatRequestReader(CAP);
  private final ChatRequestReader large = new ChatRequestReader(LARGE_CAP);
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

  @Test
  void hostile_requests_are_answered_quickly_and_never_throw() {
    RequestGrammar grammar = new RequestGrammar(20260801);
    Map<String, Integer> outcomes = new TreeMap<>();
    long slowest = 0;
    byte[] slow = {};
    for (int i = 0; i < CASES; i++) {
      byte[] body = grammar.hostile();
      long start = threads.getCurrentThreadCpuTime();
      Parsed<ChatRequest> parsed = reader.read(body);
      long nanos = threads.getCurrentThreadCpuTime() - start;

      outcomes.merge(outcome(parsed), 1, Integer::sum);
      if (i > WARM_UP && nanos > slowest) {
        slowest = nanos;
        slow = body;
      }
    }
    assertThat(Duration.ofNanos(slowest)).as(text(slow)).isLessThan(LONGEST);

    // The grammar reaches every refusal the reader knows, and sound requests too.
    assertThat(outcomes.keySet())
        .containsExactly(
            "invalid_json",
            "invalid_type",
            "invalid_value",
            "missing_required_parameter",
            "ok",
            "unknown_parameter",
            "unsupported_parameter");
    assertThat(outcomes.values()).allMatch(count -> count > CASES / 100);
  }

  @Test
  void sound_requests_are_accepted() throws IOException {
    RequestGrammar grammar = new RequestGrammar(1);
    for (int i = 0; i < 2_000; i++) {
      byte[] body = new ObjectMapper().writeValueAsBytes(grammar.valid());

      assertThat(reader.read(body)).isInstanceOf(Parsed.Ok.class);
    }
  }

  @Test
  void the_heaviest_bodies_under_the_cap_are_answered_in_time() {
    String start = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"";
    String end = "\"}]}";
    Map<String, String> bodies =
        Map.of(
            "one long text", start + "x".repeat(LARGE_CAP - 100) + end,
            "escapes", start + "\\u00e9".repeat(LARGE_CAP / 6 - 20) + end,
            "a long image",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":"
                    + "\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,"
                    + "AAAA".repeat(LARGE_CAP / 4 - 100)
                    + "\"}}]}]}",
            "many messages",
                "{\"model\":\"m\",\"messages\":["
                    + "{\"role\":\"user\",\"content\":\"a\"},".repeat(20_000)
                    + "{}]}",
            "many keys", keys(60_000, ""),
            "colliding keys", colliding(16),
            "many zeros", "[" + "0,".repeat(LARGE_CAP / 2 - 10) + "0]",
            "deep arrays", "[".repeat(LARGE_CAP),
            "digits", "[" + "1".repeat(LARGE_CAP - 10) + "]",
            "arguments within arguments",
                "{\"model\":\"m\",\"messages\":["
                    + ("{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"function\":{\"name\":"
                            + "\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}]},{\"role\":\"tool\","
                            + "\"tool_call_id\":\"c\",\"content\":\"r\"},")
                        .repeat(5_000)
                    + "{\"role\":\"user\",\"content\":\"a\"}]}");
    bodies.forEach((name, body) -> {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < WARM_READS; i++) {
        large.read(bytes);
      }
      Parsed<ChatRequest> parsed = large.read(bytes);
      long nanos = Long.MAX_VALUE;
      // The least of several: the rest of it is what else the machine was doing.
      for (int i = 0; i < TIMED_READS; i++) {
        long before = threads.getCurrentThreadCpuTime();
        parsed = large.read(bytes);
        nanos = Math.min(nanos, threads.getCurrentThreadCpuTime() - before);
      }
      System.out.printf("parser: %s, %d bytes, %.1f ms CPU%n", name, bytes.length, nanos / 1e6);

      assertThat(outcome(parsed)).as(name).isNotEqualTo("unfit");
      assertThat(Duration.ofNanos(nanos)).as(name).isLessThan(LONGEST);
    });
  }

  /** The outcome's name; "unfit" for one a client must not get. */
  private static String outcome(Parsed<ChatRequest> parsed) {
    return switch (parsed) {
      case Parsed.Ok<ChatRequest>(ChatRequest request) ->
          request.messages().isEmpty() || request.ignored().size() > 20 ? "unfit" : "ok";
      case Parsed.Bad<ChatRequest>(ApiError error) ->
          error.status() / 100 == 4
                  && error.type().equals("invalid_request_error")
                  && !error.message().isBlank()
                  && error.message().length() < 500
              ? error.code()
              : "unfit";
    };
  }

  private static String keys(int count, String prefix) {
    StringBuilder body = new StringBuilder("{\"model\":\"m\",\"metadata\":{");
    for (int i = 0; i < count; i++) {
      body.append('"').append(prefix).append(i).append("\":0,");
    }
    return body.append("\"z\":0}}").toString();
  }

  /** Keys with one String.hashCode: every combination of "Aa" and "BB". */
  private static String colliding(int pairs) {
    StringBuilder body = new StringBuilder("{\"model\":\"m\",\"metadata\":{");
    for (int i = 0; i < 1 << 14; i++) {
      body.append('"');
      for (int pair = 0; pair < pairs; pair++) {
        body.append((i >> pair & 1) == 0 ? "Aa" : "BB");
      }
      body.append("\":0,");
    }
    return body.append("\"z\":0}}").toString();
  }

  private static String text(byte[] body) {
    return new String(body, StandardCharsets.UTF_8);
  }
}
