package dev.weir.killswitch;

import dev.weir.store.Item;
import dev.weir.store.SwitchTable;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The switches of one deployment. Faults of the store are thrown as the SDK's exceptions. */
public final class Switches {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final SwitchTable table;

  public Switches(SwitchTable table) {
    this.table = table;
  }

  /** Everything that is off now, told within 5 s. */
  public List<Off> off() {
    return off(PATIENCE);
  }

  List<Off> off(Duration timeout) {
    return table.off(timeout).entrySet().stream().map(Switches::off).toList();
  }

  private static Off off(Map.Entry<String, Item> entry) {
    Item since = entry.getValue();
    return new Off(
        Target.parse(entry.getKey()), since.number("at"), since.text("by"), since.text("why"));
  }

  /** Turns one off; one that is off gets the new reason. */
  public void turnOff(Off off) {
    table.turnOff(off.target().text(), since(off));
  }

  /** Turns one off unless it is off, which then keeps its reason; whether it was on. */
  public boolean turnOffIfOn(Off off) {
    return table.turnOffIfOn(off.target().text(), since(off));
  }

  private static Item since(Off off) {
    return Item.EMPTY.with("at", off.atMillis()).with("by", off.by()).with("why", off.why());
  }

  /** Turns one on again; without effect on one that is on. */
  public void turnOn(Target target) {
    table.turnOn(target.text());
  }
}
