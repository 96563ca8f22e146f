package dev.weir.admission;

import dev.weir.store.TenantItem;
import dev.weir.tenant.AtBudget;
import dev.weir.tenant.Limits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Sees in images of tenants' items that are there anyway which budgets are used to a mark, and has
 * each noted once per environment. It judges states, not steps, so that whatever image comes next
 * makes good for an environment that died before it could note what it saw. Of a tenant on several
 * items it knows those this environment has seen. Thread-safe.
 */
final class BudgetMarks {

  private static final int[] PERCENTS = {50, 80, 100};
  private static final int MOST = 10_000;

  private final BudgetNotes notes;
  private final Map<String, Boolean> noted =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > MOST;
        }
      };

  BudgetMarks(BudgetNotes notes) {
    this.notes = notes;
  }

  /** After a write. */
  void seen(List<View> views, long now) {
    Limits limits = views.getFirst().tenant().limits();
    look(views, TenantItem.dayWindow(now), limits.dayMicroUsd(), 0, now);
    look(views, TenantItem.monthWindow(now), limits.monthMicroUsd(), 0, now);
  }

  /**
   * After a refusal by a budget. Exact limits are hardly ever met exactly: a budget counts as used
   * up, too, when a call is refused by it once nine tenths are gone.
   */
  void refused(Refusal refusal, List<View> views, long now) {
    Limits limits = views.getFirst().tenant().limits();
    if (refusal.dimension() == Dimension.DAY_BUDGET) {
      look(views, TenantItem.dayWindow(now), limits.dayMicroUsd(), 10, now);
    } else if (refusal.dimension() == Dimension.MONTH_BUDGET) {
      look(views, TenantItem.monthWindow(now), limits.monthMicroUsd(), 10, now);
    }
  }

  private void look(
      List<View> views, String window, OptionalLong limit, int lastPercents, long now) {
    if (limit.isEmpty()) {
      return;
    }
    View view = views.getFirst();
    long used = views.stream().mapToLong(each -> each.budgets().getOrDefault(window, 0L)).sum();
    for (int percent : PERCENTS) {
      int from = percent == 100 ? percent - lastPercents : percent;
      if (used >= part(limit.getAsLong(), from)) {
        note(
            new BudgetMark(
                view.tenant().id(),
                window,
                percent,
                used,
                limit.getAsLong(),
                now,
                percent == 100 && view.tenant().atBudget() == AtBudget.SWITCH_OFF));
      }
    }
  }

  private void note(BudgetMark mark) {
    String name = mark.tenantId() + "#" + mark.window() + "#" + mark.percent();
    synchronized (noted) {
      if (noted.containsKey(name)) {
        return;
      }
    }
    if (notes.note(mark)) {
      synchronized (noted) {
        noted.put(name, true);
      }
    }
  }

  /** So many hundredths, rounded up. */
  private static long part(long whole, int percent) {
    return whole / 100 * percent + Math.ceilDiv(whole % 100 * percent, 100);
  }
}
