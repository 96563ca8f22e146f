package dev.weir.inference;

import dev.weir.admission.BudgetMark;
import dev.weir.admission.BudgetNotes;
import dev.weir.ledger.Notice;
import dev.weir.store.NoticeTable;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import dev.weir.telemetry.Names;

/** Writes a notice for each mark a budget is used to; the first writer's is the only one. */
final class BudgetRecorder implements BudgetNotes {

  private final NoticeTable table;
  private final Log log;

  BudgetRecorder(NoticeTable table, Log log) {
    this.table = table;
    this.log = log;
  }

  @Override
  public boolean note(BudgetMark mark) {
    try {
      if (table.write(notice(mark))) {
        log.write(
            Line.info("budget_reached")
                .with("tenantId", mark.tenantId())
                .with("window", mark.window())
                .with(Names.BUDGET_PERCENT, Integer.toString(mark.percent()))
                .metric(Names.BUDGET_REACHED, Line.Unit.COUNT, 1)
                .countedBy(Names.BUDGET_REACHED, Names.BUDGET_PERCENT));
      }
      return true;
    } catch (RuntimeException e) {
      log.write(Line.warn("budget_notice_not_written").with("tenantId", mark.tenantId()).with(e));
      return false;
    }
  }

  /** {@code d20261122} is the day 2026-11-22, {@code m202611} the month 2026-11. */
  private static Notice notice(BudgetMark mark) {
    String digits = mark.window().substring(1);
    String month = digits.substring(0, 4) + "-" + digits.substring(4, 6);
    boolean isDay = digits.length() > 6;
    return new Notice(
        mark.tenantId(),
        isDay ? "day" : "month",
        isDay ? month + "-" + digits.substring(6) : month,
        mark.percent(),
        mark.usedMicroUsd(),
        mark.limitMicroUsd(),
        mark.atMillis(),
        mark.switchesOff());
  }
}
