package dev.weir.inference.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.inference.upstream.FakeUpstream;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.route.Deadline;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that fall silent. */
@Timeout(60)
class BedrockDeadlinesTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  @Test
  void a_stall_before_the_headers_ends_in_time_and_closes_the_connection() throws Exception {
    assertStall(
        FakeUpstream.Wire::stall,
        Asked.deadline(SHORT, Asked.AMPLE, Asked.AMPLE),
        Fault.Kind.STALLED);
  }

  @Test
  void a_stall_after_the_headers_ends_in_time_and_closes_the_connection() throws Exception {
    assertStall(
        wire -> {
          wire.status(200);
          wire.stall();
        },
        Asked.deadline(SHORT, Asked.AMPLE, Asked.AMPLE),
        Fault.Kind.STALLED);
  }

  @Test
  void a_stall_after_some_text_ends_in_time_and_closes_the_connection() throws Exception {
    Asked outcome =
        assertStall(
            wire -> {
              wire.status(200);
              wire.chunk(Fixture.joined(Fixture.TEXT.frames().subList(0, 2)));
              wire.stall();
            },
            Asked.deadline(Asked.AMPLE, SHORT, Asked.AMPLE),
            Fault.Kind.STALLED);

    assertThat(outcome.completion().text()).isEqualTo("Grüß ");
  }

  @Test
  void a_stall_within_a_frame_ends_in_time_and_closes_the_connection() throws Exception {
    assertStall(
        wire -> {
          wire.status(200);
          wire.chunk(Fixture.prefix(Fixture.TEXT.stream(), 300));
          wire.stall();
        },
        Asked.deadline(SHORT, SHORT, Asked.AMPLE),
        Fault.Kind.STALLED);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void the_requests_deadline_stands_above_all(boolean stream) throws Exception {
    try (FakeUpstream bedrock = new FakeUpstream(FakeUpstream.Wire::stall)) {
      Asked outcome =
          Asked.of(
              bedrock.uri(),
              Calls.hello(stream),
              Asked.deadline(Asked.AMPLE, Asked.AMPLE, SHORT),
              event -> {});

      assertThat(outcome.kind()).isEqualTo(Fault.Kind.DEADLINE);
      assertThat(bedrock.sawClientLeave()).isTrue();
    }
  }

  @Test
  void frames_without_content_do_not_postpone_the_first_content() throws Exception {
    assertStall(
        wire -> {
          wire.status(200);
          while (true) {
            wire.chunk(Fixture.event("messageStart", "{'role':'assistant'}"));
            wire.chunk(
                Fixture.event("contentBlockDelta", "{'contentBlockIndex':0,'delta':{'text':''}}"));
            Asked.sleep(50);
          }
        },
        Asked.deadline(SHORT, Asked.AMPLE, Asked.AMPLE),
        Fault.Kind.STALLED);
  }

  @Test
  void frames_without_content_do_not_count_as_life_between_events() throws Exception {
    assertStall(
        wire -> {
          wire.status(200);
          wire.chunk(
              Fixture.event("contentBlockDelta", "{'contentBlockIndex':0,'delta':{'text':'a'}}"));
          while (true) {
            wire.chunk(
                Fixture.event("contentBlockDelta", "{'contentBlockIndex':0,'delta':{'text':''}}"));
            Asked.sleep(50);
          }
        },
        Asked.deadline(Asked.AMPLE, SHORT, Asked.AMPLE),
        Fault.Kind.STALLED);
  }

  @Test
  void a_steady_answer_outlives_the_idle_time() throws Exception {
    Asked outcome =
        Asked.of(
            wire -> {
              wire.status(200);
              for (byte[] frame : Fixture.TWO_TOOLS.frames()) {
                wire.chunk(frame);
                Asked.sleep(60);
              }
              wire.end();
            },
            Calls.hello(true),
            Asked.deadline(Duration.ofSeconds(5), Duration.ofMillis(700), Asked.AMPLE));

    assertThat(outcome.ending()).isInstanceOf(Ending.Complete.class);
  }

  private static Asked assertStall(FakeUpstream.Script script, Deadline deadline, Fault.Kind kind)
      throws Exception {
    try (FakeUpstream bedrock = new FakeUpstream(script)) {
      long start = System.nanoTime();
      Asked outcome = Asked.of(bedrock.uri(), Calls.hello(true), deadline, event -> {});
      Duration took = Duration.ofNanos(System.nanoTime() - start);

      assertThat(outcome.kind()).isEqualTo(kind);
      assertThat(took).isBetween(SHORT, SHORT.plusSeconds(5));
      assertThat(bedrock.seen()).hasSize(1);
      assertThat(bedrock.sawClientLeave()).isTrue();
      return outcome;
    }
  }
}
