package dev.weir.inference.bedrock;

import dev.weir.model.Ending;
import dev.weir.model.ModelEvent;
import java.util.List;

/** What the thread that reads the wire tells the thread that asked. */
sealed interface Signal {

  /** Events have arrived, together: waking the other thread costs more than reading one. */
  record Next(List<ModelEvent> events) implements Signal {}

  /** Nothing more will arrive. */
  record Over(Ending ending) implements Signal {}
}
