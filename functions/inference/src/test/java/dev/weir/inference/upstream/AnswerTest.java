package dev.weir.inference.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.inference.upstream.Answer.Calls;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.ModelClient.SinkClosed;
import dev.weir.model.ModelEvent;
import dev.weir.model.StopReason;
import dev.weir.route.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerTest {
  private static final ModelEvent TEXT = new ModelEvent.TextDelta(0, "hm");
  private static final ModelEvent CALL_1 = new ModelEvent.ToolStarted(1, "t1", "f");
  private static final ModelEvent ARGUMENTS_1 = new ModelEvent.ToolDelta(1, "{\"a\":1}");
  private static final ModelEvent CALL_2 = new ModelEvent.ToolStarted(2, "t2", "g");
  private static final ModelEvent ARGUMENTS_2 = new ModelEvent.ToolDelta(2, "{\"b\":2}");
  private static final ModelEvent TOOL_USE = new ModelEvent.Stopped(StopReason.TOOL_USE);
  private static final ModelEvent END_TURN = new ModelEvent.Stopped(StopReason.END_TURN);

  private static final Deadline AMPLE =
      new Deadline(Long.MAX_VALUE, Duration.ofMinutes(1), Duration.ofMinutes(1), Clock.systemUTC());

  private final List<ModelEvent> delivered = new ArrayList<>();

  @Test
  void all_calls_are_delivered() throws SinkClosed {
    deliver(Calls.ALL, TEXT, CALL_1, CALL_2, ARGUMENTS_2, ARGUMENTS_1, TOOL_USE);

    assertThat(delivered).containsExactly(TEXT, CALL_1, CALL_2, ARGUMENTS_2, ARGUMENTS_1, TOOL_USE);
  }

  @Test
  void without_parallel_calls_only_the_first_is_delivered() throws SinkClosed {
    deliver(Calls.FIRST, CALL_1, CALL_2, ARGUMENTS_2, ARGUMENTS_1, TOOL_USE);

    assertThat(delivered).containsExactly(CALL_1, ARGUMENTS_1, TOOL_USE);
  }

  @Test
  void under_the_choice_none_no_call_is_delivered() throws SinkClosed {
    deliver(Calls.NONE, TEXT, CALL_1, ARGUMENTS_1, TOOL_USE);

    assertThat(delivered).containsExactly(TEXT, END_TURN);
  }

  @Test
  void a_call_that_is_the_answer_becomes_text() throws SinkClosed {
    deliver(Calls.AS_TEXT, TEXT, CALL_1, ARGUMENTS_1, CALL_2, ARGUMENTS_2, TOOL_USE);

    assertThat(delivered).containsExactly(new ModelEvent.TextDelta(1, "{\"a\":1}"), END_TURN);
  }

  @Test
  void an_answer_without_arguments_is_an_empty_object() throws SinkClosed {
    deliver(Calls.AS_TEXT, CALL_1, TOOL_USE);

    assertThat(delivered).containsExactly(new ModelEvent.TextDelta(0, "{}"), END_TURN);
  }

  @Test
  void a_model_that_answers_in_words_although_forced_is_heard() throws SinkClosed {
    deliver(Calls.AS_TEXT, TEXT, END_TURN);

    assertThat(delivered).containsExactly(TEXT, END_TURN);
  }

  @Test
  void a_wire_that_breaks_after_the_stop_breaks_nothing() throws SinkClosed {
    Ending cut = new Ending.Failed(Fault.of(Fault.Kind.CUT, "NoStop"));

    assertThat(deliver(Calls.ALL, TEXT, END_TURN).end(cut)).isEqualTo(new Ending.Complete());
    assertThat(deliver(Calls.ALL, TEXT).end(cut)).isEqualTo(cut);
  }

  private Answer deliver(Calls rule, ModelEvent... events) throws SinkClosed {
    Answer answer = new Answer(rule, delivered::add, AMPLE, true);
    for (ModelEvent event : events) {
      answer.accept(event);
    }
    return answer;
  }
}
