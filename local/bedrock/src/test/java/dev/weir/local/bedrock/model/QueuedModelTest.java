package dev.weir.local.bedrock.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.local.bedrock.wire.ErrorReply;
import dev.weir.local.bedrock.wire.Prompt;
import dev.weir.local.bedrock.wire.PromptReader;
import dev.weir.local.bedrock.wire.StreamEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class QueuedModelTest {
  private final QueuedModel queued =
      new QueuedModel(new ScriptedModel("x", new Pace(), InstantSource.system()), 2);
  private final CountDownLatch gate = new CountDownLatch(1);
  private final List<String> answered = Collections.synchronizedList(new ArrayList<>());

  /** Asks on a thread of its own; returns once the first event or the wait has begun. */
  private Thread ask(String name) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    AnswerSink sink =
        new AnswerSink() {
          @Override
          public void send(StreamEvent event) throws AnswerEnded {
            boolean isFirst = event.type().equals("messageStart");
            if (isFirst) {
              answered.add(name);
            }
            begun.countDown();
            if (isFirst) {
              await();
            }
          }

          private void await() throws AnswerEnded {
            try {
              if (!gate.await(10, TimeUnit.SECONDS)) {
                throw new AnswerEnded(AnswerEnded.By.CLIENT);
              }
            } catch (InterruptedException stopped) {
              throw new AnswerEnded(AnswerEnded.By.CLIENT);
            }
          }

          @Override
          public void pause(Duration length) throws AnswerEnded {
            begun.countDown();
            try {
              Thread.sleep(length);
            } catch (InterruptedException left) {
              throw new AnswerEnded(AnswerEnded.By.CLIENT);
            }
          }
        };
    Thread asker =
        Thread.ofPlatform()
            .start(() -> {
              try {
                queued.answer(prompt(), sink);
              } catch (AnswerEnded | ErrorReply ended) {
                answered.add(name + " " + ended.getMessage());
              }
            });
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    return asker;
  }

  private static Prompt prompt() throws ErrorReply {
    return PromptReader.CONVERSE.read(
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"a\"}]}]}"
            .getBytes(StandardCharsets.UTF_8));
  }

  private static void join(Thread... threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join(Duration.ofSeconds(10));
    }
  }

  @Test
  void prompts_are_answered_one_at_a_time_in_their_order() throws Exception {
    Thread first = ask("first");
    Thread second = ask("second");
    Thread third = ask("third");
    assertThat(answered).containsExactly("first");

    gate.countDown();
    join(first, second, third);

    assertThat(answered).containsExactly("first", "second", "third");
  }

  @Test
  void one_more_than_may_wait_is_throttled() throws Exception {
    Thread[] askers = {ask("first"), ask("second"), ask("third")};

    assertThatThrownBy(() -> queued.answer(prompt(), NOBODY))
        .isInstanceOfSatisfying(
            ErrorReply.class, error -> assertThat(error.type()).isEqualTo("ThrottlingException"));

    gate.countDown();
    join(askers);
  }

  @Test
  void who_leaves_while_waiting_is_passed_over() throws Exception {
    Thread first = ask("first");
    Thread leaving = ask("leaving");
    Thread third = ask("third");

    leaving.interrupt();
    join(leaving);
    gate.countDown();
    join(first, third);

    assertThat(answered).containsExactly("first", "leaving ended by CLIENT", "third");
  }

  private static final AnswerSink NOBODY =
      new AnswerSink() {
        @Override
        public void send(StreamEvent event) {}

        @Override
        public void pause(Duration length) {}
      };
}
