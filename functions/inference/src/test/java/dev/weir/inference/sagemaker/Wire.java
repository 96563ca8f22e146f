package dev.weir.inference.sagemaker;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/** Bytes as SageMaker Runtime sends them. */
final class Wire {

  private Wire() {}

  /** Server-sent events; single quotes stand for double ones. */
  static String events(String... data) {
    return Arrays.stream(data)
        .map(each -> "data: " + each.replace('\'', '"') + "\n\n")
        .collect(Collectors.joining());
  }

  static byte[] part(byte[] payload) {
    return frame(
        Map.of(
            ":message-type",
            "event",
            ":event-type",
            "PayloadPart",
            ":content-type",
            "application/octet-stream"),
        payload);
  }

  static byte[] exception(String type, String payload) {
    return frame(
        Map.of(
            ":message-type",
            "exception",
            ":exception-type",
            type,
            ":content-type",
            "application/json"),
        payload.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  static byte[] frame(Map<String, String> headers, byte[] payload) {
    Map<String, HeaderValue> values =
        headers.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, entry -> HeaderValue.fromString(entry.getValue())));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new Message(values, payload).encode(bytes);
    return bytes.toByteArray();
  }

  static byte[] joined(List<byte[]> parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    parts.forEach(all::writeBytes);
    return all.toByteArray();
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
