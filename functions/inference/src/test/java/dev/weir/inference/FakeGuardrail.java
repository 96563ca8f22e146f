package dev.weir.inference;

import dev.weir.guard.Direction;
import dev.weir.guard.Guardrail;
import dev.weir.guard.GuardrailRef;
import dev.weir.guard.Masks;
import dev.weir.ledger.TextUnits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Refuses {@code forbidden}, masks {@code private}, remembers what it was shown; may be down. */
final class FakeGuardrail implements Guardrail {

  static final String FORBIDDEN = "forbidden";
  static final String PRIVATE = "private";

  /** What it was shown. */
  record Shown(Direction direction, List<String> texts) {}

  final List<Shown> shown = new CopyOnWriteArrayList<>();
  boolean isDown;

  @Override
  public Assessment apply(
      GuardrailRef ref, Direction direction, List<String> texts, Duration timeout) {
    shown.add(new Shown(direction, List.copyOf(texts)));
    if (isDown) {
      return new Assessment.Failed("Timeout");
    }
    TextUnits units = new TextUnits(1, 0, 1, 0);
    if (texts.stream().anyMatch(text -> text.contains(FORBIDDEN))) {
      return new Assessment.Refused(units);
    }
    return texts.stream().anyMatch(text -> text.contains(PRIVATE))
        ? new Assessment.Sensitive(new Masks(Map.of(PRIVATE, "{NAME}")), units)
        : new Assessment.Clean(units);
  }
}
