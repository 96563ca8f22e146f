package dev.weir.admission;

import dev.weir.store.Reply;
import dev.weir.store.TenantTable;
import dev.weir.store.Update;
import dev.weir.tenant.Tenant;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The limiter most gateways have, on the same item: one count per clock minute. A negative control:
 * the checkers must catch what it lets through at the edge of a minute.
 */
public final class FixedWindowAdmission implements Admission {

  private final TenantTable table;
  private final InstantSource clock;
  private final Duration window;
  private final long limit;

  public FixedWindowAdmission(
      DynamoDbClient client, String table, InstantSource clock, Duration window, long limit) {
    this.table = new TenantTable(client, table);
    this.clock = clock;
    this.window = window;
    this.limit = limit;
  }

  @Override
  public Optional<Tenant> tenant(String tenantId) {
    return Optional.empty();
  }

  @Override
  public Optional<Decision.Rejected> refusal(Ask ask) {
    return Optional.empty();
  }

  @Override
  public Decision reserve(Ask ask) {
    long now = clock.millis();
    Update update = new Update();
    String count = update.name("n" + now / window.toMillis());
    String lease = "res." + update.name(ask.callId());
    update.addOrCreate(count, 1);
    update.add("cr", 1);
    update.set(lease, update.text("x"));
    update.require(
        "(attribute_not_exists(" + count + ") OR " + count + " < " + update.number(limit) + ")");
    update.require("attribute_not_exists(" + lease + ")");
    return decide(table.update(ask.tenantId(), update), ask);
  }

  @Override
  public Settlement settle(Reservation reservation, long tokens, long microUsd) {
    Update update = new Update();
    String lease = "res." + update.name(reservation.callId());
    update.remove(lease);
    update.require("attribute_exists(" + lease + ")");
    update.require(update.number(0) + " <= cr");
    return table.update(reservation.tenantId(), update) instanceof Reply.Written
        ? Settlement.SETTLED
        : Settlement.ALREADY_GONE;
  }

  static Decision decide(Reply reply, Ask ask) {
    boolean admitted =
        reply instanceof Reply.Written
            || reply
                .item()
                .map(item -> item.map("res").names().contains(ask.callId()))
                .orElse(false);
    Reservation reservation =
        new Reservation(
            ask.tenantId(), 0, ask.callId(), "", 0, "", "", ask.tokens(), ask.microUsd(), true);
    return admitted
        ? new Decision.Admitted(reservation, Headroom.UNKNOWN)
        : new Decision.Rejected(Dimension.REQUESTS, Optional.empty(), Headroom.UNKNOWN);
  }
}
