package dev.weir.inference;

import dev.weir.api.ApiError;
import dev.weir.api.ChatChunk;
import dev.weir.api.ChatCompletion;
import dev.weir.model.Fault;
import dev.weir.stream.SseWriter;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One answer in the words of its door. One answer, one thread. */
interface Rendering {

  /** Something a stream shows. */
  @FunctionalInterface
  interface Shown {
    void to(SseWriter events) throws IOException;
  }

  /** Forgets what has been taken in, and starts again. */
  void begin();

  /** The reply's headers as this door says them. */
  Map<String, String> headers(Map<String, String> headers);

  /** Takes in what was said, and returns what a stream shows of it now. */
  List<Shown> take(List<ChatChunk> chunks);

  /**
   * Makes true what a whole answer is about to say of itself.
   *
   * @return why it cannot be said
   */
  Optional<Fault> keep(ChatCompletion whole);

  /** A whole answer as one body. */
  byte[] body(ChatCompletion whole);

  /** Ends a stream that is whole. */
  void end(SseWriter events, ChatCompletion whole) throws IOException;

  /** Ends a stream that is not. */
  void fail(SseWriter events, ApiError error) throws IOException;
}
