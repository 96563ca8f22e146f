package dev.weir.local.bedrock.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/** The binary frames of {@code application/vnd.amazon.eventstream}. */
public final class EventFrame {
  private EventFrame() {}

  /** The frame of a ConverseStream event. */
  public static byte[] of(StreamEvent event) {
    return frame(event.isException(), event.type(), Json.bytes(event.payload()));
  }

  /**
   * The frame of an InvokeModelWithResponseStream chunk.
   *
   * @param body the model's native JSON
   */
  public static byte[] chunk(ObjectNode body) {
    return frame(false, "chunk", Json.bytes(Json.object().put("bytes", Json.bytes(body))));
  }

  /** A part of the body of InvokeEndpointWithResponseStream: raw bytes. */
  public static byte[] payloadPart(byte[] bytes) {
    return frame(false, "PayloadPart", "application/octet-stream", bytes);
  }

  /** A failure in the middle of a stream, of whichever service has this type. */
  public static byte[] failure(String errorType, String message) {
    return switch (errorType) {
      case "ModelStreamError", "InternalStreamFailure" ->
          frame(
              true,
              errorType,
              "application/json",
              Json.bytes(Json.object().put("Message", message).put("ErrorCode", "StreamBroken")));
      default -> of(StreamEvent.exception(errorType, message));
    };
  }

  private static byte[] frame(boolean exception, String type, byte[] payload) {
    return frame(exception, type, "application/json", payload);
  }

  private static byte[] frame(boolean exception, String type, String contentType, byte[] payload) {
    Map<String, HeaderValue> headers = new LinkedHashMap<>();
    headers.put(exception ? ":exception-type" : ":event-type", HeaderValue.fromString(type));
    headers.put(":content-type", HeaderValue.fromString(contentType));
    headers.put(":message-type", HeaderValue.fromString(exception ? "exception" : "event"));
    ByteBuffer encoded = new Message(headers, payload).toByteBuffer();
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    return bytes;
  }
}
