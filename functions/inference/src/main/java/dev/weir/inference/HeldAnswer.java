package dev.weir.inference;

import dev.weir.model.Ending;
import dev.weir.model.ModelClient;
import dev.weir.model.ModelEvent;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** An answer that is heard to its end before anybody decides whether the client gets it. */
final class HeldAnswer extends Answer {

  private final List<ModelEvent> events = new ArrayList<>();

  HeldAnswer(Visit visit, ChatPlan plan, InstantSource clock) {
    super(Answers.head(visit, plan), new ChatForm().rendering(visit, plan), clock);
  }

  @Override
  boolean hasLeft() {
    return false;
  }

  @Override
  void take(ModelEvent event) {
    fold().accept(event);
    events.add(event);
  }

  /** Gives it to the client's answer. */
  void passTo(Answer answer) throws ModelClient.SinkClosed {
    for (ModelEvent event : events) {
      answer.accept(event);
    }
  }

  /** Nobody waits for it. */
  @Override
  void end(Ending ending, Bill bill) {}
}
