package dev.weir.inference;

import dev.weir.door.Exchange;
import dev.weir.guard.GuardTrail;
import dev.weir.idempotency.Claim;
import dev.weir.killswitch.Target;
import dev.weir.route.Deadline;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One authorised request on its way through the flow.
 *
 * @param door as switches, logs and metrics name it
 * @param form the words it is answered in
 * @param startMillis epoch milliseconds of its arrival
 * @param claim on its idempotency key, if it has one
 * @param switches what must stay on for it, once the {@link Gate} knows
 * @param guard what the guards have done so far
 * @param retrieval what its answer is grounded in so far
 */
record Visit(
    Exchange exchange,
    String door,
    Form form,
    String tenantId,
    String keyId,
    long startMillis,
    Deadline deadline,
    Optional<Claim> claim,
    Set<Target> switches,
    GuardTrail guard,
    RetrievalTrail retrieval) {

  /** What stays free of a function's time for settling after the deadline. */
  static final Duration SETTLING = Duration.ofSeconds(3);

  /** One that has just arrived. */
  static Visit of(Exchange exchange, String door, long startMillis, Deadline deadline) {
    return new Visit(
        exchange,
        door,
        new ChatForm(),
        exchange.request().authorized("tenantId"),
        exchange.request().authorized("keyId"),
        startMillis,
        deadline,
        Optional.empty(),
        Set.of(),
        new GuardTrail(),
        new RetrievalTrail());
  }

  /** Whether the client wants nothing kept, nor what was (RFC 9111, section 5.2.1.5). */
  boolean wantsNoStore() {
    return exchange
        .request()
        .header("cache-control")
        .map(directives -> directives.toLowerCase(Locale.ROOT))
        .stream()
        .flatMap(directives -> Stream.of(directives.split(",")))
        .anyMatch(directive -> directive.strip().equals("no-store"));
  }

  /** How long what is reserved for it may stay so. */
  Duration lease() {
    return deadline.remaining().plus(SETTLING);
  }

  Visit with(Claim made) {
    return new Visit(
        exchange,
        door,
        form,
        tenantId,
        keyId,
        startMillis,
        deadline,
        Optional.of(made),
        switches,
        guard,
        retrieval);
  }

  /** With half of its time, so that something is left for another try. */
  Visit halved() {
    long half = deadline.clock().millis() + deadline.remaining().toMillis() / 2;
    return on(
        new Deadline(half, deadline.firstContent(), deadline.idle(), deadline.clock()), guard);
  }

  /** With guards that note what they do elsewhere. */
  Visit aside() {
    return on(deadline, new GuardTrail());
  }

  private Visit on(Deadline end, GuardTrail trail) {
    return new Visit(
        exchange, door, form, tenantId, keyId, startMillis, end, claim, switches, trail, retrieval);
  }

  Visit under(Set<Target> known) {
    return new Visit(
        exchange,
        door,
        form,
        tenantId,
        keyId,
        startMillis,
        deadline,
        claim,
        known,
        guard,
        retrieval);
  }

  Visit as(Form other) {
    return new Visit(
        exchange,
        door,
        other,
        tenantId,
        keyId,
        startMillis,
        deadline,
        claim,
        switches,
        guard,
        retrieval);
  }
}
