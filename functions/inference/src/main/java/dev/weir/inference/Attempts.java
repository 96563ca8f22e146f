package dev.weir.inference;

import dev.weir.admission.Decision;
import dev.weir.cache.ResponseCache;
import dev.weir.killswitch.KillSwitch;
import dev.weir.model.Ending;
import dev.weir.model.ModelClient;
import dev.weir.route.Breakers;
import dev.weir.route.RetryBudget;
import dev.weir.tenant.Tenant;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Asks a model's targets, one after the other, as {@code docs/degradation.md} says. Thread-safe.
 */
final class Attempts {

  private final Tools tools;

  /** What an attempt works with. */
  record Tools(
      ModelClient models,
      KillSwitch killSwitch,
      Breakers breakers,
      RetryBudget budget,
      Supplier<Duration> backoff,
      ResponseCache.Sleeper sleeper,
      InstantSource clock,
      RemoteGuard guardrail,
      Billing billing) {}

  /**
   * One call.
   *
   * @param key what the caller may use; empty when it is not known
   * @param hops is told of each attempt, also of one that throws
   */
  record Asked(
      Visit visit,
      ChatPlan plan,
      Decision.Admitted admitted,
      Optional<Tenant.Key> key,
      Answer answer,
      Hops hops) {

    /** One of several askings of the same call. */
    Asked with(Visit aside, ChatPlan other, Answer heard) {
      return new Asked(aside, other, admitted, key, heard, hops);
    }
  }

  Attempts(Tools tools) {
    this.tools = tools;
  }

  /** Asks until one answers, something has left for the client, or nothing more may be tried. */
  Ending run(Asked asked) {
    tools.budget().deposit();
    return asked
        .plan()
        .cascade()
        .map(cascade -> new CascadeRun(tools, asked, cascade).run())
        .orElseGet(() -> new Ladder(tools, asked, Hops.Part.WHOLE).climb());
  }
}
