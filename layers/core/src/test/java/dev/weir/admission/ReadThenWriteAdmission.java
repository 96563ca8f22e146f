package dev.weir.admission;

import dev.weir.store.Item;
import dev.weir.store.TenantTable;
import dev.weir.store.Update;
import dev.weir.tenant.Tenant;
import java.time.InstantSource;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * A rolling window that decides on what it read and then writes unconditionally. A negative
 * control: calls at the same time all read the same count.
 */
final class ReadThenWriteAdmission implements Admission {

  private final TenantTable table;
  private final InstantSource clock;
  private final LimiterSettings settings;

  ReadThenWriteAdmission(
      DynamoDbClient client, String table, InstantSource clock, LimiterSettings settings) {
    this.table = new TenantTable(client, table);
    this.clock = clock;
    this.settings = settings;
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
    Item item = table.tenant(ask.tenantId()).item().orElseThrow();
    View view = View.of(new Shard(ask.tenantId(), 0), item, new Reading(now, 0));
    Optional<Refusal> refusal = new Gate(settings).refusal(view, ask, now);
    if (refusal.isPresent()) {
      return new Decision.Rejected(
          refusal.get().dimension(), refusal.get().retryAfter(), Headroom.UNKNOWN);
    }
    Update update = new Update();
    String mark = update.name(View.requestMark(settings.slotAt(now)));
    update.set(mark, "if_not_exists(" + mark + ", cr)");
    update.add("cr", 1);
    update.set("res." + update.name(ask.callId()), update.text(new Lease(now, 60).text()));
    update.require("attribute_exists(pk)");
    return FixedWindowAdmission.decide(table.update(ask.tenantId(), update), ask);
  }

  @Override
  public Settlement settle(Reservation reservation, long tokens, long microUsd) {
    Update update = new Update();
    update.remove("res." + update.name(reservation.callId()));
    update.require("attribute_exists(pk)");
    table.update(reservation.tenantId(), update);
    return Settlement.SETTLED;
  }
}
