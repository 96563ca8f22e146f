package dev.weir.store;

import java.util.Optional;
import java.util.OptionalLong;

/** A table's answer to one request on one item. */
public sealed interface Reply {

  /** The item as it was when the request had been carried out, if it exists. */
  Optional<Item> item();

  /**
   * The table's clock when it answered, from the HTTP Date header: epoch milliseconds of a whole
   * second; absent if the reply had none.
   */
  OptionalLong date();

  /** The answer to a consistent read. */
  record Read(Optional<Item> item, OptionalLong date) implements Reply {}

  /** The condition held and the item is now so. */
  record Written(Item now, OptionalLong date) implements Reply {
    @Override
    public Optional<Item> item() {
      return Optional.of(now);
    }
  }

  /** The condition did not hold and nothing was changed. */
  record Refused(Optional<Item> item, OptionalLong date) implements Reply {}
}
