package dev.weir.local.bedrock.model;

import dev.weir.local.bedrock.wire.StreamEvent;
import java.time.Duration;

/** Takes the events of one answer, on the thread that makes it. */
public interface AnswerSink {

  /** Takes the next event. */
  void send(StreamEvent event) throws AnswerEnded;

  /**
   * Waits, and looks whether the client is still there. A pause of zero only looks; it is cheap
   * enough to be asked for each token.
   */
  void pause(Duration length) throws AnswerEnded;
}
