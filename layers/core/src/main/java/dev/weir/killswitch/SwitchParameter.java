package dev.weir.killswitch;

import dev.weir.store.ParameterStore;
import java.util.Arrays;
import java.util.List;

/**
 * The second lever: one SSM parameter that names what is off, separated by commas, or {@code none}.
 * It works while the tables do not.
 */
public final class SwitchParameter {

  private static final String NOTHING = "none";

  private final ParameterStore store;
  private final String name;

  public SwitchParameter(ParameterStore store, String name) {
    this.store = store;
    this.name = name;
  }

  /**
   * What it has turned off.
   *
   * @throws IllegalArgumentException when it names what is no switch
   * @throws java.io.UncheckedIOException when it cannot be read
   */
  public List<Off> off() {
    ParameterStore.Value value = store.value(name);
    return Arrays.stream(value.text().split(","))
        .map(String::strip)
        .filter(text -> !text.isEmpty() && !text.equals(NOTHING))
        .map(Target::parse)
        .map(target -> new Off(target, value.atMillis(), "ssm", "the operator's parameter"))
        .toList();
  }
}
