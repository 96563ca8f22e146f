package dev.weir.inference;

import dev.weir.ledger.Usage;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.ModelCall;
import dev.weir.model.ModelClient;
import dev.weir.model.ModelEvent;
import dev.weir.model.StopReason;
import dev.weir.route.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A model that says what it is told to, and remembers what it was asked. */
final class ScriptedModel implements ModelClient {

  /** What it says to one call: events, then an ending. */
  record Script(List<ModelEvent> events, Ending ending) {}

  static final List<ModelEvent> HELLO =
      List.of(
          new ModelEvent.Started(),
          new ModelEvent.TextDelta(0, "Hel"),
          new ModelEvent.TextDelta(0, "lo"),
          new ModelEvent.BlockStopped(0),
          new ModelEvent.ToolStarted(2, "call_a", "look_up"),
          new ModelEvent.ToolDelta(2, "{\"q\":"),
          new ModelEvent.ToolDelta(2, "1}"),
          new ModelEvent.BlockStopped(2),
          new ModelEvent.Stopped(StopReason.TOOL_USE),
          new ModelEvent.UsageReported(Usage.of(20, 7)));

  final List<ModelCall> calls = new CopyOnWriteArrayList<>();
  final List<Deadline> deadlines = new CopyOnWriteArrayList<>();
  private Hanging then = () -> {};
  private Function<ModelCall, Script> script = call -> whole(HELLO);

  static Script whole(List<ModelEvent> events) {
    return new Script(events, new Ending.Complete());
  }

  /** The first {@code count} events of {@link #HELLO}, then a cut. */
  static Script cutAfter(int count) {
    return new Script(
        HELLO.subList(0, count),
        new Ending.Failed(Fault.of(Fault.Kind.CUT, "the answer broke off")));
  }

  static Script fault(Fault.Kind kind) {
    return new Script(List.of(), new Ending.Failed(Fault.of(kind, "SomeException")));
  }

  static Script text(String text, StopReason reason) {
    List<ModelEvent> events = new ArrayList<>();
    events.add(new ModelEvent.Started());
    if (!text.isEmpty()) {
      events.add(new ModelEvent.TextDelta(0, text));
    }
    events.add(new ModelEvent.Stopped(reason));
    events.add(new ModelEvent.UsageReported(Usage.of(20, 3)));
    return whole(events);
  }

  /** Something that waits. */
  interface Hanging {
    void hang() throws InterruptedException;
  }

  /** Says the first {@code count} events of {@link #HELLO}, then hangs until interrupted. */
  void hangsAfter(int count, Hanging hanging) {
    script = call -> cutAfter(count);
    then = hanging;
  }

  void says(Script next) {
    script = call -> next;
  }

  void says(Function<ModelCall, Script> next) {
    script = next;
  }

  @Override
  public Ending ask(ModelCall call, Deadline deadline, Sink sink) {
    calls.add(call);
    deadlines.add(deadline);
    Script next = script.apply(call);
    try {
      for (ModelEvent event : next.events()) {
        sink.accept(event);
      }
      then.hang();
    } catch (SinkClosed e) {
      return new Ending.Failed(Fault.of(Fault.Kind.CANCELLED, "the client went away"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Ending.Failed(Fault.of(Fault.Kind.CANCELLED, "Interrupted"));
    }
    return next.ending();
  }
}
