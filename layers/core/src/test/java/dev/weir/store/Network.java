package dev.weir.store;

import software.amazon.awssdk.core.SdkRequest;

/** The way from one caller to {@link InMemoryDynamo}; by default nothing happens on it. */
public interface Network {

  /** A network that neither delays nor loses anything. */
  Network PERFECT = new Network() {};

  /** Told that the caller makes a request, before the first attempt. */
  default void begin() {}

  /** Lets an attempt travel to the table, waiting if it takes time; false: it does not arrive. */
  default boolean request() {
    return true;
  }

  /** Told that an attempt was carried out, and whether its condition held. */
  default void carriedOut(SdkRequest request, boolean held) {}

  /** Lets the reply travel back, waiting if it takes time; false: it is lost. */
  default boolean reply() {
    return true;
  }
}
