package dev.weir.inference;

import dev.weir.door.Problem;
import dev.weir.idempotency.Begin;
import dev.weir.idempotency.Claim;
import dev.weir.idempotency.Idempotency;
import dev.weir.idempotency.IdempotencyKey;
import dev.weir.killswitch.KillSwitch;
import dev.weir.killswitch.Off;
import dev.weir.killswitch.Target;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** What stands at every paid door: the kill switches, then the idempotency key. */
final class Gate {

  private final KillSwitch killSwitch;
  private final Idempotency idempotency;
  private final Refusals refusals;

  /**
   * What a request is about.
   *
   * @param model its id in the catalog
   * @param switches what must stay on for it
   * @param request what makes it beside its door and body
   * @param guards the versions of its guards, and what else an answer is kept for
   */
  record Subject(String model, Set<Target> switches, String request, String guards) {}

  /** Who goes on with a request that may pass. */
  interface Door {

    /** Serves the request. */
    void proceed(Visit visit) throws IOException;

    /**
     * Serves the answer the key's first request got.
     *
     * @return whether it could be read; nothing has left if not
     */
    boolean replay(Visit visit, Begin.Answered kept) throws IOException;
  }

  /** Who goes on with a request that no key repeats. */
  interface Passage {

    /** Serves the request. */
    void proceed(Visit visit) throws IOException;
  }

  Gate(KillSwitch killSwitch, Idempotency idempotency, Refusals refusals) {
    this.killSwitch = killSwitch;
    this.idempotency = idempotency;
    this.refusals = refusals;
  }

  /**
   * Lets a request pass, or refuses it. What is off is answered by nobody: no model, no cache, no
   * idempotency key.
   */
  void pass(Visit arrived, Subject subject, Door door) throws IOException {
    Visit visit = arrived.under(subject.switches());
    Optional<Problem> off = off(subject.switches());
    if (off.isPresent()) {
      refusals.refuse(visit, subject.model(), off.get());
    } else if (visit.claim().isPresent()) {
      // Planned again, because its guards had changed: the key is claimed already.
      door.proceed(visit);
    } else {
      once(visit, subject, door);
    }
  }

  /** Lets a request pass that asks no model, whatever idempotency key it has, or refuses it. */
  void pass(Visit arrived, Set<Target> switches, Passage passage) throws IOException {
    Visit visit = arrived.under(switches);
    Optional<Problem> off = off(switches);
    if (off.isPresent()) {
      refusals.refuse(visit, off.get());
    } else {
      passage.proceed(visit);
    }
  }

  private Optional<Problem> off(Set<Target> switches) {
    return switch (killSwitch.check(switches)) {
      case KillSwitch.Check.On _ -> Optional.empty();
      case KillSwitch.Check.Switched(Off off) -> Optional.of(Problem.of(off));
      case KillSwitch.Check.Unreadable _ -> Optional.of(Problem.switchesUnreadable());
    };
  }

  /** An idempotency key is answered once, whoever sends it again and whenever. */
  private void once(Visit visit, Subject subject, Door door) throws IOException {
    Optional<String> key = visit.exchange().request().header("idempotency-key");
    if (key.isEmpty()) {
      door.proceed(visit);
      return;
    }
    if (!IdempotencyKey.isValid(key.get())) {
      refusals.refuse(visit, subject.model(), Problem.invalidIdempotencyKey());
      return;
    }
    IdempotencyKey scoped =
        IdempotencyKey.of(
            visit.tenantId(),
            key.get(),
            visit.door() + " " + subject.request(),
            visit.exchange().request().body(),
            subject.guards());
    Begin begin = idempotency.begin(scoped, visit.exchange().requestId(), visit.lease());
    switch (begin) {
      case Begin.First(Claim claim) -> {
        try {
          door.proceed(visit.with(claim));
        } finally {
          claim.release();
        }
      }
      case Begin.Answered answered -> {
        if (!door.replay(visit, answered)) {
          refusals.refuse(visit, subject.model(), Problem.idempotency(new Begin.NotKept()));
        }
      }
      case Begin.Running _, Begin.Other _, Begin.NotKept _, Begin.Unreadable _ ->
          refusals.refuse(visit, subject.model(), Problem.idempotency(begin));
    }
  }
}
