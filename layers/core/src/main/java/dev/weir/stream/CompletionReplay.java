package dev.weir.stream;

import dev.weir.api.ChatChunk;
import dev.weir.api.ChatCompletion;
import dev.weir.api.ChatRequest.ToolCall;
import java.util.ArrayList;
import java.util.List;

/** Turns a finished completion back into chunks, so that a cached answer can be streamed. */
public final class CompletionReplay {
  private static final int PIECE = 64;

  private CompletionReplay() {}

  /**
   * The chunks, role first, finish and totals last. Appended in order they give the completion back
   * unchanged. No piece is longer than 64 characters and none splits a code point.
   */
  public static List<ChatChunk> chunks(ChatCompletion completion) {
    List<ChatChunk.Delta> deltas = new ArrayList<>();
    boolean isTextFirst = completion.reasoning().isEmpty() && !completion.text().isEmpty();
    boolean isEmpty = completion.reasoning().isEmpty() && completion.toolCalls().isEmpty();
    deltas.add(new ChatChunk.Role(isTextFirst || isEmpty));
    pieces(completion.reasoning()).forEach(piece -> deltas.add(new ChatChunk.Reasoning(piece)));
    pieces(completion.text()).forEach(piece -> deltas.add(new ChatChunk.Text(piece)));
    for (int index = 0; index < completion.toolCalls().size(); index++) {
      ToolCall call = completion.toolCalls().get(index);
      deltas.add(new ChatChunk.CallStart(index, call.id(), call.name()));
      for (String piece : pieces(call.arguments())) {
        deltas.add(new ChatChunk.CallArguments(index, piece));
      }
    }
    deltas.add(new ChatChunk.Finish(completion.finishReason()));
    completion.usage().ifPresent(usage -> deltas.add(new ChatChunk.Totals(usage)));
    return deltas.stream().map(delta -> new ChatChunk(completion.head(), delta)).toList();
  }

  private static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    for (int start = 0; start < text.length(); ) {
      int end = Math.min(text.length(), start + PIECE);
      if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
        end--;
      }
      pieces.add(text.substring(start, end));
      start = end;
    }
    return pieces;
  }
}
