package dev.weir.admission;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import dev.weir.api.ChatRequest;
import dev.weir.tenant.EstimateMode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Bounds a prompt's tokens before any is spent. Bedrock's models each have a tokenizer of their
 * own; cl100k × 1.25 plus an overhead per message was above all but digit-by-digit tokenizers in
 * measurement, bytes is above every one of them. Real usage replaces the bound when a call settles.
 *
 * <p>Thread-safe. The vocabulary is loaded at the first long text.
 */
public final class TokenEstimate {

  /** Chat templates wrap the conversation and each message in control tokens. */
  private static final long PER_CONVERSATION = 48;

  private static final long PER_MESSAGE = 8;

  /** Above what Bedrock's models bill for one image of the largest accepted size. */
  private static final long PER_IMAGE = 4_800;

  /** Below this many characters loading the vocabulary is not worth it. */
  private static final int SHORT_TEXT = 200;

  /** Byte-pair merging is quadratic in one unbroken word, so words are cut here. */
  private static final int LONGEST_PIECE = 128;

  /** The first id of cl100k_base that is not text. */
  private static final int CONTROL_TOKENS = 100_256;

  private static final class Vocabulary {
    static final Encoding CL100K =
        Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);
  }

  /** An upper bound of the prompt's tokens. */
  public long prompt(ChatRequest request, EstimateMode mode) {
    long tokens = PER_CONVERSATION;
    for (ChatRequest.ChatMessage message : request.messages()) {
      tokens += PER_MESSAGE + message(message, mode);
    }
    for (ChatRequest.Tool tool : request.tools()) {
      tokens += PER_MESSAGE + text(tool.name(), mode) + text(tool.description(), mode);
      tokens += text(tool.parameters().toString(), mode);
    }
    if (request.responseFormat().orElse(null)
        instanceof ChatRequest.ResponseFormat.JsonSchema(String name, var schema)) {
      tokens += PER_MESSAGE + text(name, mode) + text(schema.toString(), mode);
    }
    return tokens;
  }

  private long message(ChatRequest.ChatMessage message, EstimateMode mode) {
    return switch (message) {
      case ChatRequest.CachePoint _ -> 0;
      case ChatRequest.SystemMessage(String text) -> text(text, mode);
      case ChatRequest.ToolMessage(String id, String text) -> text(id, mode) + text(text, mode);
      case ChatRequest.UserMessage(var parts) -> {
        long tokens = 0;
        for (ChatRequest.Part part : parts) {
          tokens +=
              switch (part) {
                case ChatRequest.TextPart(String text) -> text(text, mode);
                case ChatRequest.ImagePart image -> PER_IMAGE;
                case ChatRequest.CachePoint _ -> 0;
              };
        }
        yield tokens;
      }
      case ChatRequest.AssistantMessage(String text, var calls) -> {
        long tokens = text(text, mode);
        for (ChatRequest.ToolCall call : calls) {
          tokens += PER_MESSAGE + text(call.name(), mode) + text(call.arguments(), mode);
        }
        yield tokens;
      }
    };
  }

  /** An upper bound of one text's tokens. */
  public long text(String text, EstimateMode mode) {
    int length = text.length();
    if (mode == EstimateMode.BYTES) {
      return text.getBytes(StandardCharsets.UTF_8).length;
    }
    if (length < SHORT_TEXT) {
      return Math.ceilDiv(text.getBytes(StandardCharsets.UTF_8).length, 2);
    }
    long tokens = 0;
    for (int from = 0; from < length; from += LONGEST_PIECE) {
      String piece = text.substring(from, Math.min(length, from + LONGEST_PIECE));
      tokens += Vocabulary.CL100K.countTokensOrdinary(piece);
    }
    return Math.ceilDiv(tokens * 5, 4);
  }

  /**
   * The text that ids of cl100k_base stand for; empty where they do not stand for whole characters,
   * and for control tokens.
   */
  public Optional<String> decode(int[] ids) {
    IntArrayList tokens = new IntArrayList(ids.length);
    for (int id : ids) {
      if (id < 0 || id >= CONTROL_TOKENS) {
        return Optional.empty();
      }
      tokens.add(id);
    }
    byte[] utf8 = Vocabulary.CL100K.decodeBytes(tokens);
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
