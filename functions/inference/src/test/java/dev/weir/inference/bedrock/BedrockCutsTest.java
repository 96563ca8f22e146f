package dev.weir.inference.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.ModelEvent;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that break off anywhere. */
@Timeout(60)
class BedrockCutsTest {
  @ParameterizedTest
  @MethodSource("dev.weir.inference.bedrock.Fixture#all")
  void a_stream_cut_at_any_frame_is_never_taken_for_whole(Fixture fixture) throws Exception {
    List<byte[]> frames = fixture.frames();
    Asked whole = Asked.of(fixture, true);
    int stop = frames.size() - 2;
    for (int cut = 0; cut <= stop; cut++) {
      Asked outcome = Asked.cut(fixture, Fixture.joined(frames.subList(0, cut)), cut % 2 == 0);

      assertThat(outcome.kind()).as("after frame %s", cut).isEqualTo(Fault.Kind.CUT);
      assertPrefix(outcome.events(), whole.events());
      if (cut == stop) {
        assertThat(outcome.events()).hasSize(whole.events().size() - 2);
      }
    }
  }

  @Test
  void a_stream_cut_within_any_frame_is_never_taken_for_whole() throws Exception {
    List<byte[]> frames = Fixture.TEXT.frames();
    Asked whole = Asked.of(Fixture.TEXT, true);
    for (int i = 0; i < frames.size() - 1; i++) {
      byte[] before = Fixture.joined(frames.subList(0, i));
      for (int within : new int[] {1, 5, 11, 12, 13, frames.get(i).length - 1}) {
        byte[] sent = Fixture.joined(List.of(before, Fixture.prefix(frames.get(i), within)));
        Asked outcome = Asked.cut(Fixture.TEXT, sent, within % 2 == 0);

        assertThat(outcome.kind()).as("frame %s byte %s", i, within).isEqualTo(Fault.Kind.CUT);
        assertPrefix(outcome.events(), whole.events());
      }
    }
  }

  @Test
  void a_stream_that_loses_only_its_usage_is_whole_without_usage() throws Exception {
    List<byte[]> frames = Fixture.TEXT.frames();
    Asked outcome =
        Asked.cut(Fixture.TEXT, Fixture.joined(frames.subList(0, frames.size() - 1)), false);

    assertThat(outcome.ending()).isInstanceOf(Ending.Complete.class);
    assertThat(outcome.completion().usage()).isEmpty();
  }

  @Test
  void a_damaged_frame_ends_the_answer_after_the_sound_ones() throws Exception {
    byte[] stream = Fixture.TEXT.stream();
    int damaged = Fixture.joined(Fixture.TEXT.frames().subList(0, 3)).length + 40;
    stream[damaged] ^= 1;

    Asked outcome = Asked.cut(Fixture.TEXT, stream, true);

    assertThat(outcome.kind()).isEqualTo(Fault.Kind.CUT);
    assertThat(outcome.events()).contains(new ModelEvent.TextDelta(0, "Grüß "));
  }

  @Test
  void a_frame_of_absurd_length_ends_the_answer() throws Exception {
    byte[] stream = Fixture.TEXT.stream();
    Arrays.fill(stream, 0, 4, (byte) 0x7f);

    assertThat(Asked.cut(Fixture.TEXT, stream, true).kind()).isEqualTo(Fault.Kind.CUT);
  }

  @Test
  void a_truncated_buffered_reply_is_cut() throws Exception {
    String reply = Fixture.TEXT.reply();
    for (int length : new int[] {0, 1, reply.length() / 2, reply.length() - 1}) {
      assertThat(
              Asked.of(
                      wire -> wire.json(200, reply.substring(0, length)),
                      Calls.hello(false),
                      Asked.deadline(Asked.AMPLE, Asked.AMPLE, Asked.AMPLE))
                  .kind())
          .isEqualTo(Fault.Kind.CUT);
    }
  }

  private static void assertPrefix(List<ModelEvent> part, List<ModelEvent> whole) {
    assertThat(part).isEqualTo(whole.subList(0, part.size()));
  }
}
