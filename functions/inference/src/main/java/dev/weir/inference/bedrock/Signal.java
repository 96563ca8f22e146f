package dev.weir.inference.bedrock;

import dev.weir.model.Ending;
import dev.weir.model.ModelEvent;

/** What the thread that reads the wire tells the thread that asked. */
sealed interface Signal {

  /** An event has arrived. */
  record Next(ModelEvent event) implements Signal {}

  /** Nothing more will arrive. */
  record Over(Ending ending) implements Signal {}
}
