package dev.weir.local.bedrock.model;

import dev.weir.local.bedrock.wire.ErrorReply;
import dev.weir.local.bedrock.wire.Prompt;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A model that answers one prompt at a time, first come first served. Who finds the queue full is
 * throttled; who leaves while waiting gives up the place.
 */
public final class QueuedModel implements LanguageModel {
  private static final Duration LOOK = Duration.ofMillis(50);

  private final LanguageModel model;
  private final int places;
  private final Deque<Object> line = new ArrayDeque<>();

  /**
   * Puts a queue before a model.
   *
   * @param waiting how many may wait while one is answered, 0 or more
   */
  public QueuedModel(LanguageModel model, int waiting) {
    this.model = model;
    this.places = 1 + waiting;
  }

  @Override
  public int countTokens(Prompt prompt) throws ErrorReply {
    return model.countTokens(prompt);
  }

  @Override
  public void answer(Prompt prompt, AnswerSink sink) throws AnswerEnded, ErrorReply {
    Object place = new Object();
    if (!enter(place)) {
      throw ErrorReply.of(
          "ThrottlingException", "Too many requests, please wait before trying again.");
    }
    try {
      while (!isFirst(place)) {
        sink.pause(LOOK);
      }
      model.answer(prompt, sink);
    } finally {
      leave(place);
    }
  }

  private synchronized boolean enter(Object place) {
    return line.size() < places && line.add(place);
  }

  private synchronized boolean isFirst(Object place) {
    return line.peekFirst() == place;
  }

  private synchronized void leave(Object place) {
    line.remove(place);
  }
}
