package dev.weir.remedy.rule;

import dev.weir.store.Item;
import dev.weir.store.RemediationTable;
import dev.weir.store.Update;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Modes, limits and the freeze of one deployment, as the guard reads them. */
public final class Rules {

  /** The row of everything. */
  public static final String ALL = "GLOBAL";

  private static final String KIND = "CONFIG";
  private static final String FREEZE = "freezeUntil";

  private final RemediationTable table;

  public Rules(RemediationTable table) {
    this.table = table;
  }

  /** The rows, by action, {@link #ALL} among them. */
  public List<Item> rows() {
    return table.all(KIND);
  }

  /** Locks of targets. */
  public List<Item> locks() {
    return table.all("LOCK");
  }

  /** What is in flight, and storms, by kind of target. */
  public List<Item> fleets() {
    return table.all("GATE");
  }

  /** Sets an action's mode, or that of all. */
  public void mode(String action, Mode mode) {
    Update update = new Update();
    update.set(update.name("mode"), update.text(mode.text()));
    table.change(KIND, action, update);
  }

  /** Sets limits of an action; one that is absent goes back to what the rule or the guard says. */
  public void limits(String action, Map<Bound, OptionalLong> limits) {
    Update update = new Update();
    limits.forEach((bound, value) -> {
      if (value.isPresent()) {
        update.set(update.name(bound.text()), update.number(value.getAsLong()));
      } else {
        update.remove(update.name(bound.text()));
      }
    });
    table.change(KIND, action, update);
  }

  /** Starts nothing until then; absent: from now on it may. */
  public void freeze(Optional<Instant> until) {
    Update update = new Update();
    until.ifPresentOrElse(
        end -> update.set(update.name(FREEZE), update.number(end.getEpochSecond())),
        () -> update.remove(update.name(FREEZE)));
    table.change(KIND, ALL, update);
  }

  /** Until when nothing starts, if that was said. */
  public static Optional<Instant> freeze(Item all) {
    return all.findNumber(FREEZE).stream().mapToObj(Instant::ofEpochSecond).findFirst();
  }
}
