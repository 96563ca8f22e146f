package dev.weir.model;

/** How a model call ended, after its events have been delivered. */
public sealed interface Ending {

  /** A stop event and (where the provider sends it) usage have been delivered. */
  record Complete() implements Ending {}

  /** The call failed; events delivered so far stand. */
  record Failed(Fault fault) implements Ending {}
}
