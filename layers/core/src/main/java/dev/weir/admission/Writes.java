package dev.weir.admission;

import dev.weir.store.TenantItem;
import dev.weir.store.Update;
import dev.weir.tenant.Limits;
import dev.weir.tenant.Tenant;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Composes the one update that reserves and the one that settles. */
final class Writes {

  /** Budget windows outlive their end by this much, for late settlements and slow clocks. */
  private static final Duration BUDGET_GRACE = Duration.ofHours(1);

  /** DynamoDB bounds the operators of an expression; what is left over goes next time. */
  private static final int MOST_REMOVALS = 240;

  private final LimiterSettings settings;

  Writes(LimiterSettings settings) {
    this.settings = settings;
  }

  /** Admits the call if, when it is carried out, every limit still has room for it. */
  Update reserve(View view, Ask ask, Reading now) {
    Update update = new Update();
    configuration(update, view);
    requests(update, view, now.millis());
    if (ask.tokens() > 0) {
      tokens(update, view, ask, now);
    }
    if (ask.microUsd() > 0) {
      money(update, view.slice(), ask.microUsd(), now.millis());
    }
    List<Map.Entry<String, Lease>> ended = Reclaim.from(view, ask, now.millis(), settings);
    if (!ask.lease().isZero()) {
      lease(update, view, ask, now.millis(), ended);
    }
    ended.forEach(lease -> update.remove(lease(update, lease.getKey())));
    oldNames(view, now.millis()).forEach(name -> update.remove(update.name(name)));
    return update;
  }

  /** Replaces the reservation by what was used and gives the lease back. */
  Update settle(Reservation reservation, long tokens, long microUsd, long now) {
    Update update = new Update();
    String lease = lease(update, reservation.callId());
    update.remove(lease);
    update.require(TenantItem.GENERATION + " = " + update.text(reservation.generation()));
    update.require("attribute_exists(" + lease + ")");
    long money = microUsd - reservation.microUsd();
    if (money != 0) {
      update.addOrCreate(update.name(reservation.dayWindow()), money);
      update.addOrCreate(update.name(reservation.monthWindow()), money);
      update.add(TenantItem.SPENT, money);
    }
    long unused = reservation.tokens() - tokens;
    if (unused < 0) {
      update.add(TenantItem.TOKENS, -unused);
      update.add(TenantItem.NET_TOKENS, -unused);
    } else if (unused > 0 && settings.isRefundable(reservation.slot(), now)) {
      update.addOrCreate(update.name(View.refund(reservation.slot())), unused);
      update.add(TenantItem.NET_TOKENS, -unused);
    }
    return update;
  }

  private static void configuration(Update update, View view) {
    update.require(TenantItem.GENERATION + " = " + update.text(view.generation()));
    update.require(TenantItem.VERSION + " = " + update.number(view.tenant().version()));
    update.require(TenantItem.STATUS + " = " + update.text(Tenant.Status.ACTIVE.text()));
  }

  private void requests(Update update, View view, long now) {
    mark(update, View.requestMark(settings.slotAt(now)), TenantItem.REQUESTS);
    update.add(TenantItem.REQUESTS, 1);
    OptionalLong limit = view.slice().requestsPerMinute();
    if (limit.isPresent()) {
      long bound = view.window().requestBound(settings.firstSlot(now), limit.getAsLong());
      update.require(TenantItem.REQUESTS + " <= " + update.number(bound));
    }
  }

  private void tokens(Update update, View view, Ask ask, Reading now) {
    mark(update, View.tokenMark(settings.slotAt(now.millis())), TenantItem.TOKENS);
    update.add(TenantItem.TOKENS, ask.tokens());
    update.add(TenantItem.NET_TOKENS, ask.tokens());
    OptionalLong limit = view.slice().tokensPerMinute();
    if (limit.isPresent()) {
      fits(settings, update, view, limit.getAsLong(), ask.tokens(), now);
    }
  }

  /** Requires room for {@code asked} more tokens under {@code limit}. */
  static void fits(
      LimiterSettings settings, Update update, View view, long limit, long asked, Reading now) {
    long first = settings.firstSlot(now.millis());
    RollingWindow window = view.window();
    if (view.sent().isWithin(settings.viewAge(), now)) {
      long bound = window.netTokenBound(first, limit, asked);
      update.require(TenantItem.NET_TOKENS + " <= " + update.number(bound));
    } else {
      long bound = window.tokenBound(first, limit, asked);
      update.require(TenantItem.TOKENS + " <= " + update.number(bound));
    }
  }

  private static void mark(Update update, String mark, String counter) {
    String name = update.name(mark);
    update.set(name, "if_not_exists(" + name + ", " + counter + ")");
  }

  private static void money(Update update, Limits limits, long asked, long now) {
    window(update, TenantItem.dayWindow(now), limits.dayMicroUsd(), asked);
    window(update, TenantItem.monthWindow(now), limits.monthMicroUsd(), asked);
    update.add(TenantItem.SPENT, asked);
    if (limits.lifetimeMicroUsd().isPresent()) {
      long bound = limits.lifetimeMicroUsd().getAsLong() - asked;
      update.require(TenantItem.SPENT + " <= " + update.number(bound));
    }
  }

  private static void window(Update update, String window, OptionalLong limit, long asked) {
    String name = update.name(window);
    update.addOrCreate(name, asked);
    if (limit.isPresent()) {
      long bound = limit.getAsLong() - asked;
      String fits = name + " <= " + update.number(bound);
      update.require(bound < 0 ? fits : "(attribute_not_exists(" + name + ") OR " + fits + ")");
    }
  }

  private static void lease(
      Update update, View view, Ask ask, long now, List<Map.Entry<String, Lease>> ended) {
    String own = lease(update, ask.callId());
    update.set(own, update.text(new Lease(now, ask.lease().toSeconds() + 1).text()));
    update.require("attribute_not_exists(" + own + ")");
    OptionalLong limit = view.slice().concurrency();
    if (limit.isEmpty()) {
      return;
    }
    long most = limit.getAsLong();
    if (view.leases().size() >= most) {
      // Ended leases still count when the condition is judged: allow for them, if they are there.
      most += ended.size();
      ended.forEach(lease ->
          update.require(
              lease(update, lease.getKey()) + " = " + update.text(lease.getValue().text())));
    }
    update.require("size(" + TenantItem.LEASES + ") < " + update.number(most));
  }

  /** Removes a lease that has ended; the update fails if it is not there any more as it was. */
  static void reclaim(Update update, Map.Entry<String, Lease> ended) {
    String path = lease(update, ended.getKey());
    update.remove(path);
    update.require(path + " = " + update.text(ended.getValue().text()));
  }

  private static String lease(Update update, String callId) {
    return TenantItem.LEASES + "." + update.name(callId);
  }

  private List<String> oldNames(View view, long now) {
    long first = settings.firstSlot(now);
    RollingWindow window = view.window();
    String day = TenantItem.dayWindow(now - BUDGET_GRACE.toMillis());
    String month = TenantItem.monthWindow(now - BUDGET_GRACE.toMillis());
    return Stream.of(
            window.requests().marks().headMap(first).keySet().stream().map(View::requestMark),
            window.tokens().marks().headMap(first).keySet().stream().map(View::tokenMark),
            window.refunds().headMap(first).keySet().stream().map(View::refund),
            view.budgets().keySet().stream().filter(name -> isBefore(name, day)),
            view.budgets().keySet().stream().filter(name -> isBefore(name, month)))
        .flatMap(names -> names)
        .limit(MOST_REMOVALS)
        .toList();
  }

  private static boolean isBefore(String window, String other) {
    return window.charAt(0) == other.charAt(0) && window.compareTo(other) < 0;
  }
}
