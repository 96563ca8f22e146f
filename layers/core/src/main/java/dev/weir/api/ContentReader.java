package dev.weir.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.api.ChatRequest.CachePoint;
import dev.weir.api.ChatRequest.ImagePart;
import dev.weir.api.ChatRequest.Part;
import dev.weir.api.ChatRequest.TextPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the {@code content} of a message: a string, or an array of parts. */
final class ContentReader {
  private static final Set<String> TEXT = Set.of("type", "text", CacheControlReader.FIELD);
  private static final Set<String> REFUSAL = Set.of("type", "refusal");
  private static final Set<String> IMAGE = Set.of("type", "image_url", CacheControlReader.FIELD);
  private static final Set<String> IMAGE_URL = Set.of("url", "detail");
  private static final Set<String> DETAIL = Set.of("auto", "low", "high", "original");
  private static final Map<String, String> FORMATS =
      Map.of(
          "image/png", "png",
          "image/jpeg", "jpeg",
          "image/jpg", "jpeg",
          "image/gif", "gif",
          "image/webp", "webp");

  /** Text only, as every role but the user's has it, with its cache points; empty when absent. */
  List<Part> textParts(Fields message) {
    Optional<JsonNode> content = message.value("content");
    List<Part> parts = new ArrayList<>();
    if (content.isPresent() && content.get().isTextual()) {
      parts.add(new TextPart(content.get().textValue()));
    } else if (content.isPresent()) {
      for (Fields part : parts(message, content.get())) {
        switch (part.requiredString("type")) {
          case "text" -> parts.add(new TextPart(part.only(TEXT).requiredString("text")));
          case "refusal" -> parts.add(new TextPart(part.only(REFUSAL).requiredString("refusal")));
          default -> throw part.outOfRange("type", "'text': this role may only send text");
        }
        CacheControlReader.read(part).ifPresent(parts::add);
      }
    }
    CacheControlReader.read(message).ifPresent(parts::add);
    return parts;
  }

  /** The texts of these parts, joined by line breaks; empty when there is none. */
  static Optional<String> joined(List<Part> parts) {
    if (parts.size() == 1 && parts.getFirst() instanceof TextPart(String only)) {
      return Optional.of(only);
    }
    List<String> texts = new ArrayList<>();
    for (Part part : parts) {
      if (part instanceof TextPart(String text)) {
        texts.add(text);
      }
    }
    return texts.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", texts));
  }

  /** The last cache point of these parts. */
  static Optional<CachePoint> point(List<Part> parts) {
    for (Part part : parts.reversed()) {
      if (part instanceof CachePoint point) {
        return Optional.of(point);
      }
    }
    return Optional.empty();
  }

  /** What a user says: text and images, at least one part. */
  List<Part> userParts(Fields message) {
    JsonNode content = message.value("content").orElseThrow(() -> message.missing("content"));
    List<Part> parts = new ArrayList<>();
    if (content.isTextual()) {
      parts.add(new TextPart(content.textValue()));
    } else {
      for (Fields part : parts(message, content)) {
        parts.add(part(part));
        CacheControlReader.read(part).ifPresent(parts::add);
      }
    }
    CacheControlReader.read(message).ifPresent(parts::add);
    return parts;
  }

  private static List<Fields> parts(Fields message, JsonNode content) {
    if (!content.isArray()) {
      throw message.wrongType("content", "a string or an array of parts", content);
    }
    List<Fields> parts = message.objects("content");
    if (parts.isEmpty()) {
      throw message.outOfRange("content", "at least one part");
    }
    return parts;
  }

  private static Part part(Fields part) {
    return switch (part.requiredString("type")) {
      case "text" -> new TextPart(part.only(TEXT).requiredString("text"));
      case "image_url" -> image(part.only(IMAGE).requiredObject("image_url").only(IMAGE_URL));
      case "input_audio", "file" ->
          throw part.unsupported("type", "Only 'text' and 'image_url' parts are supported.");
      default -> throw part.outOfRange("type", "'text' or 'image_url'");
    };
  }

  private static ImagePart image(Fields image) {
    if (!DETAIL.contains(image.string("detail").orElse("auto"))) {
      throw image.outOfRange("detail", "'auto', 'low', 'high' or 'original'");
    }
    String url = image.requiredString("url");
    if (!url.regionMatches(true, 0, "data:", 0, 5)) {
      throw image.unsupported("url", "Images are not fetched: send a data: URI.");
    }
    int comma = url.indexOf(',');
    String head = comma < 0 ? "" : url.substring(5, comma).toLowerCase(Locale.ROOT);
    String mediaType = head.endsWith(";base64") ? head.substring(0, head.length() - 7) : "";
    String format = FORMATS.get(mediaType);
    if (format == null) {
      throw image.outOfRange("url", "data:image/{png,jpeg,gif,webp};base64,...");
    }
    String base64 = url.substring(comma + 1);
    if (!isBase64(base64)) {
      throw image.outOfRange("url", "padded base64 without line breaks");
    }
    return new ImagePart(format, base64);
  }

  private static boolean isBase64(String text) {
    int length = text.length();
    int digits = length;
    while (digits > 0 && digits > length - 2 && text.charAt(digits - 1) == '=') {
      digits--;
    }
    if (digits == 0 || length % 4 != 0) {
      return false;
    }
    for (int i = 0; i < digits; i++) {
      char c = text.charAt(i);
      boolean digit =
          (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z')
              || (c >= '0' && c <= '9')
              || c == '+'
              || c == '/';
      if (!digit) {
        return false;
      }
    }
    return true;
  }
}
