package dev.weir.inference;

import dev.weir.admission.Headroom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The reply headers of an answer: OpenAI's {@code x-ratelimit-*} and our own {@code x-weir-*}. */
final class AnswerHeaders {

  static final String COST = "x-weir-cost-microusd";

  private AnswerHeaders() {}

  /** Of an answer from a model. */
  static Map<String, String> asked(ChatPlan plan, Headroom headroom) {
    Map<String, String> headers = limits(headroom);
    headers.put("x-weir-model", plan.model().target());
    headers.put("x-weir-cache", plan.cacheable() ? "miss" : "off");
    putIgnored(headers, plan);
    return headers;
  }

  /** Of an answer that was there already. */
  static Map<String, String> kept(ChatPlan plan, Kept from, Headroom headroom, long ageSeconds) {
    Map<String, String> headers = limits(headroom);
    headers.put("x-weir-model", plan.model().target());
    headers.put(from.header(), from.value());
    headers.put("age", Long.toString(ageSeconds));
    headers.put(COST, "0");
    putIgnored(headers, plan);
    return headers;
  }

  /** Names what was accepted but has no effect: nothing is ignored silently. */
  private static void putIgnored(Map<String, String> headers, ChatPlan plan) {
    if (!plan.request().ignored().isEmpty()) {
      headers.put("x-weir-ignored", String.join(", ", plan.request().ignored()));
    }
  }

  static Map<String, String> limits(Headroom headroom) {
    Map<String, String> headers = new LinkedHashMap<>();
    put(headers, "requests", headroom.requests());
    put(headers, "tokens", headroom.tokens());
    return headers;
  }

  private static void put(
      Map<String, String> headers, String what, Optional<Headroom.Window> window) {
    window.ifPresent(known -> {
      headers.put("x-ratelimit-limit-" + what, Long.toString(known.limit()));
      headers.put("x-ratelimit-remaining-" + what, Long.toString(known.remaining()));
      headers.put("x-ratelimit-reset-" + what, seconds(known.reset()));
    });
  }

  /** OpenAI writes durations such as {@code 1.5s}. */
  private static String seconds(Duration time) {
    long millis = Math.max(0, time.toMillis());
    return millis % 1000 == 0
        ? millis / 1000 + "s"
        : "%d.%03ds".formatted(millis / 1000, millis % 1000);
  }
}
