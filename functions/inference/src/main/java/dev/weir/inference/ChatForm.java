package dev.weir.inference;

import dev.weir.api.ApiError;
import dev.weir.api.ChatChunk;
import dev.weir.api.ChatCompletion;
import dev.weir.api.ChatCompletionWriter;
import dev.weir.door.Problem;
import dev.weir.model.Fault;
import dev.weir.stream.SseWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chat completions: {@code chat.completion} and its chunks. Nothing is kept. */
final class ChatForm implements Form {

  @Override
  public String idPrefix() {
    return "chatcmpl-";
  }

  @Override
  public Rendering rendering(Visit visit, ChatPlan plan) {
    return new Chunks();
  }

  @Override
  public Problem named(Problem problem) {
    return problem;
  }

  private static final class Chunks implements Rendering {

    @Override
    public void begin() {}

    @Override
    public Map<String, String> headers(Map<String, String> headers) {
      return headers;
    }

    @Override
    public List<Shown> take(List<ChatChunk> chunks) {
      List<Shown> shown = new ArrayList<>(chunks.size());
      chunks.forEach(chunk -> shown.add(events -> events.chunk(chunk)));
      return shown;
    }

    @Override
    public Optional<Fault> keep(ChatCompletion whole) {
      return Optional.empty();
    }

    @Override
    public byte[] body(ChatCompletion whole) {
      return ChatCompletionWriter.bytes(whole);
    }

    @Override
    public void end(SseWriter events, ChatCompletion whole) throws IOException {
      events.done();
    }

    @Override
    public void fail(SseWriter events, ApiError error) throws IOException {
      events.error(error);
    }
  }
}
