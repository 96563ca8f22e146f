package dev.weir.local.sagemaker.state;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Hears what the services send to EventBridge's default bus. */
@FunctionalInterface
public interface Events {

  /**
   * Takes one event; it may come again. Called between two of the world's actions.
   *
   * @param event the whole event as EventBridge delivers it
   */
  void publish(ObjectNode event);
}
