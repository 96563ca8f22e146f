package dev.weir.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.api.ApiError;
import dev.weir.api.ChatChunk;
import dev.weir.api.CompletionHead;
import dev.weir.api.CompletionUsage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SseWriterTest {
  private static final CompletionHead HEAD = new CompletionHead("id", 7, "m");
  private static final ChatChunk TEXT = new ChatChunk(HEAD, new ChatChunk.Text("hé"));
  private static final ChatChunk TOTALS =
      new ChatChunk(HEAD, new ChatChunk.Totals(new CompletionUsage(3, 2, 1, 0)));

  private final Wire wire = new Wire();

  @Test
  void a_chunk_is_one_event_and_one_flush() throws IOException {
    new SseWriter(wire, false).chunk(TEXT);

    assertThat(wire.flushed)
        .containsExactly(
            "data: {\"id\":\"id\",\"object\":\"chat.completion.chunk\",\"created\":7,"
                + "\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hé\"},"
                + "\"logprobs\":null,\"finish_reason\":null}]}\n\n");
  }

  @Test
  void totals_are_sent_only_when_asked_for() throws IOException {
    new SseWriter(wire, false).chunk(TOTALS);

    assertThat(wire.flushed).isEmpty();
  }

  @Test
  void with_usage_every_chunk_says_so_and_the_last_has_no_choices() throws IOException {
    SseWriter writer = new SseWriter(wire, true);
    writer.chunk(TEXT);
    writer.chunk(TOTALS);

    assertThat(wire.flushed.get(0)).contains("\"usage\":null");
    assertThat(wire.flushed.get(1))
        .contains("\"choices\":[]")
        .contains("\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5")
        .contains("\"cached_tokens\":1");
  }

  @Test
  void done_is_the_last_thing_written() throws IOException {
    SseWriter writer = new SseWriter(wire, false);
    writer.done();
    writer.heartbeat();
    writer.chunk(TEXT);
    writer.error(ApiError.malformed("c", "m"));

    assertThat(wire.flushed).containsExactly("data: [DONE]\n\n");
  }

  @Test
  void an_error_ends_the_stream_without_done() throws IOException {
    SseWriter writer = new SseWriter(wire, false);
    writer.error(ApiError.malformed("cut", "The answer broke off."));
    writer.done();

    assertThat(wire.flushed)
        .containsExactly(
            "data: {\"error\":{\"message\":\"The answer broke off.\","
                + "\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"cut\"}}\n\n");
  }

  @Test
  void a_heartbeat_is_a_comment() throws IOException {
    new SseWriter(wire, false).heartbeat();

    assertThat(wire.flushed).containsExactly(": keep-alive\n\n");
  }

  @Test
  void a_lone_surrogate_of_the_model_does_not_break_the_stream() throws IOException {
    new SseWriter(wire, false).chunk(new ChatChunk(HEAD, new ChatChunk.Text("a\ud83d")));

    assertThat(wire.flushed.getFirst()).contains("\"content\":\"a?\"");
  }

  @Test
  void after_a_failure_every_writer_learns_that_the_client_is_gone() throws IOException {
    SseWriter writer = new SseWriter(wire, false);
    wire.isBroken = true;
    assertThatThrownBy(writer::heartbeat).isInstanceOf(IOException.class);
    wire.isBroken = false;

    assertThatThrownBy(() -> writer.chunk(TEXT)).isInstanceOf(IOException.class);
    assertThat(wire.flushed).isEmpty();
  }

  @Test
  void heartbeats_never_fall_into_an_event() throws Exception {
    SseWriter writer = new SseWriter(wire, false);
    CountDownLatch start = new CountDownLatch(1);
    Thread heart =
        Thread.ofPlatform()
            .start(() -> {
              try {
                start.await();
                for (int i = 0; i < 2000; i++) {
                  writer.heartbeat();
                }
              } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    start.countDown();
    for (int i = 0; i < 2000; i++) {
      writer.chunk(TEXT);
    }
    heart.join();

    assertThat(wire.flushed)
        .hasSize(4000)
        .allMatch(event ->
            event.equals(": keep-alive\n\n")
                || (event.startsWith("data: {") && event.endsWith("}\n\n")));
  }

  /** What left with each flush. */
  private static final class Wire extends OutputStream {
    private final List<String> flushed = new ArrayList<>();
    private ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private boolean isBroken;

    @Override
    public void write(int b) {
      pending.write(b);
    }

    @Override
    public void flush() throws IOException {
      if (isBroken) {
        throw new IOException("broken pipe");
      }
      flushed.add(pending.toString(StandardCharsets.UTF_8));
      pending = new ByteArrayOutputStream();
    }
  }
}
