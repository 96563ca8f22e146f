package dev.weir.inference.upstream;

import dev.weir.model.Ending;
import java.util.List;

/** What the thread that reads the wire tells the thread that asked. */
public sealed interface Signal<E> {

  /** Events have arrived, together: waking the other thread costs more than reading one. */
  record Next<E>(List<E> events) implements Signal<E> {}

  /** Nothing more will arrive. */
  record Over<E>(Ending ending) implements Signal<E> {}
}
