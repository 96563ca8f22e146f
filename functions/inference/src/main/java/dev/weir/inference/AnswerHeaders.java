package dev.weir.inference;

import dev.weir.admission.Headroom;
import dev.weir.guard.GuardTrail;
import dev.weir.route.PromptCache;
import dev.weir.route.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The reply headers of an answer: OpenAI's {@code x-ratelimit-*} and our own {@code x-weir-*}. */
final class AnswerHeaders {

  static final String COST = "x-weir-cost-microusd";
  static final String GUARD = "x-weir-guard";
  static final String ATTEMPTS = "x-weir-attempts";
  static final String DEGRADED = "x-weir-degraded";

  private AnswerHeaders() {}

  /** Of an answer from a model. */
  static Map<String, String> asked(Attempts.Asked asked, Target target, int attempts) {
    ChatPlan plan = asked.plan();
    Map<String, String> headers = limits(asked.admitted().headroom());
    headers.put("x-weir-model", target.id());
    headers.put("x-weir-cache", plan.cacheable() ? "miss" : "off");
    headers.put(ATTEMPTS, Integer.toString(attempts));
    Hops.step(target).ifPresent(step -> headers.put(DEGRADED, step));
    asked.visit().retrieval().tell(headers);
    putIgnored(headers, plan, target.promptCache());
    return headers;
  }

  /** Of an expired answer from the cache, served because no target answered. */
  static Map<String, String> stale(Attempts.Asked asked, long ageMillis, Answer.Bill bill) {
    Map<String, String> headers =
        kept(asked.plan(), Kept.CACHE, asked.admitted().headroom(), ageMillis);
    headers.put("x-weir-cache", "stale");
    headers.put(DEGRADED, Hops.STALE);
    headers.put(ATTEMPTS, Integer.toString(asked.hops().attempts()));
    headers.put(COST, Long.toString(bill.cost().microUsd()));
    return headers;
  }

  /** Of an error before anything has left; nothing has answered, so no step is named. */
  static Map<String, String> failed(
      Map<String, String> headers, Answer.Bill bill, GuardTrail guard) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.remove(DEGRADED);
    all.putIfAbsent(ATTEMPTS, "0");
    all.put(COST, Long.toString(bill.cost().microUsd()));
    all.put(GUARD, guard.verdict());
    return all;
  }

  /** Of an answer that was there already. */
  static Map<String, String> kept(ChatPlan plan, Kept from, Headroom headroom, long ageMillis) {
    Map<String, String> headers = limits(headroom);
    // Only a model's own answers are cached; what answered a key's first request is not known.
    if (from != Kept.REPLAY) {
      headers.put("x-weir-model", plan.model().target());
    }
    headers.put(from.header(), from.value());
    headers.put("age", Long.toString(Math.max(0, ageMillis / 1000)));
    headers.put(COST, "0");
    putIgnored(headers, plan, plan.model().promptCache());
    return headers;
  }

  /** Of the answer to a similar question. */
  static Map<String, String> similar(
      ChatPlan plan, Headroom headroom, long ageMillis, double cosine, Answer.Bill bill) {
    Map<String, String> headers = kept(plan, Kept.SIMILAR, headroom, ageMillis);
    headers.put("x-weir-similarity", "%.3f".formatted(cosine));
    headers.put(COST, Long.toString(bill.cost().microUsd()));
    return headers;
  }

  /** Of a refusal: what the guards did, where they did anything. */
  static Map<String, String> guard(Visit visit) {
    String verdict = visit.guard().verdict();
    return verdict.equals("allowed") ? Map.of() : Map.of(GUARD, verdict);
  }

  /** Of an admitted request that a guard stopped. */
  static Map<String, String> stopped(Visit visit, Headroom headroom) {
    Map<String, String> headers = limits(headroom);
    headers.putAll(guard(visit));
    visit.retrieval().tell(headers);
    headers.put(
        COST, Long.toString(visit.guard().cost().plus(visit.retrieval().cost()).microUsd()));
    headers.remove(DEGRADED);
    return headers;
  }

  /** Names what was accepted but has no effect: nothing is ignored silently. */
  private static void putIgnored(
      Map<String, String> headers, ChatPlan plan, PromptCache promptCache) {
    List<String> ignored = new ArrayList<>(plan.request().ignored());
    ignored.addAll(promptCache.ignored(plan.request()));
    if (!ignored.isEmpty()) {
      headers.put("x-weir-ignored", String.join(", ", ignored));
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
