package dev.weir.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads JSON nobody vouches for, in linear time and bounded memory. One document of strict UTF-8 is
 * read; refused are duplicate keys, trailing content, more than 64 levels, 200,000 tokens or 40
 * digits, numbers beyond the range of a double, NUL and lone surrogates.
 */
public final class StrictJson {
  private static final int MAX_DEPTH = 64;
  private static final long MAX_TOKENS = 200_000;
  private static final int MAX_DIGITS = 40;

  private final ObjectMapper mapper;

  /**
   * @param maxLength longest string, in characters: an image is one string, so the body's cap
   */
  public StrictJson(int maxLength) {
    JsonFactory factory =
        new JsonFactoryBuilder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxTokenCount(MAX_TOKENS)
                    .maxNumberLength(MAX_DIGITS)
                    .maxStringLength(maxLength)
                    .maxNameLength(maxLength)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // A shared symbol table would let one caller's keys slow down another's.
            .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
            .build();
    this.mapper = new ObjectMapper(factory).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  /** The document, or empty when it is not acceptable. */
  public Optional<JsonNode> parse(byte[] utf8) {
    try {
      // Jackson would guess UTF-16 and UTF-32 from the first bytes; the decoder does not.
      return parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  Optional<JsonNode> parse(String json) {
    try {
      return Optional.of(mapper.readTree(json)).filter(StrictJson::isSound);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static boolean isSound(JsonNode node) {
    if (node.isMissingNode()) {
      return false;
    }
    if (node.isTextual()) {
      return isSound(node.textValue());
    }
    if (node.isDouble()) {
      return Double.isFinite(node.doubleValue());
    }
    if (node instanceof ObjectNode object
        && !object.propertyStream().allMatch(entry -> isSound(entry.getKey()))) {
      return false;
    }
    return node.valueStream().allMatch(StrictJson::isSound);
  }

  private static boolean isSound(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0 || Character.isLowSurrogate(c)) {
        return false;
      }
      if (Character.isHighSurrogate(c)
          && (++i == text.length() || !Character.isLowSurrogate(text.charAt(i)))) {
        return false;
      }
    }
    return true;
  }
}
