package dev.weir.states;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Tasks that reply as they were told, action by action; an action without a script echoes. */
final class ScriptedTasks implements Tasks {
  final List<Call> calls = new ArrayList<>();
  final List<Instant> times = new ArrayList<>();
  private final Scheduler clock;
  private final Map<String, Deque<Reply>> scripts = new HashMap<>();
  Duration latency = Duration.ZERO;

  ScriptedTasks(Scheduler clock) {
    this.clock = clock;
  }

  void reply(String action, Reply... replies) {
    scripts.computeIfAbsent(action, _ -> new ArrayDeque<>()).addAll(List.of(replies));
  }

  void fail(String action, String error, int times) {
    for (int i = 0; i < times; i++) {
      reply(action, new Reply.Failed(error, "told to"));
    }
  }

  @Override
  public void call(Call call, Consumer<Reply> reply) {
    calls.add(call);
    times.add(clock.instant());
    Deque<Reply> script = scripts.getOrDefault(call.resource().action(), new ArrayDeque<>());
    Reply next = script.isEmpty() ? new Reply.Done(call.arguments()) : script.remove();
    clock.after(latency, () -> reply.accept(next));
  }

  /** Seconds between one call and the next. */
  List<Long> pauses() {
    List<Long> pauses = new ArrayList<>();
    for (int i = 1; i < times.size(); i++) {
      pauses.add(Duration.between(times.get(i - 1), times.get(i)).toSeconds());
    }
    return pauses;
  }

  static Reply done(String json) {
    JsonNode result = Lab.json(json);
    return new Reply.Done(result);
  }
}
