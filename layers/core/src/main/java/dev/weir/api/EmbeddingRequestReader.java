package dev.weir.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.weir.api.EmbeddingRequest.Encoding;
import dev.weir.api.EmbeddingRequest.InputType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads the body of {@code POST /v1/embeddings} as strictly as {@link ChatRequestReader} reads its
 * own. Token ids become the text they stand for, because Bedrock's models take none. Thread-safe.
 */
public final class EmbeddingRequestReader {

  /** The most inputs of one request, as OpenAI has it. */
  public static final int MAX_INPUTS = 2048;

  private static final int MAX_MODEL_NAME = 256;
  private static final int MAX_DIMENSIONS = 65_536;
  private static final Set<String> KNOWN =
      Set.of("model", "input", "encoding_format", "dimensions", "user", "input_type");

  private final RequestBody body;
  private final Function<int[], Optional<String>> decoder;

  /**
   * @param maxBodyBytes largest body read; a larger one is refused unread with status 413
   * @param decoder the text that token ids stand for; empty when they stand for none
   */
  public EmbeddingRequestReader(int maxBodyBytes, Function<int[], Optional<String>> decoder) {
    this.body = new RequestBody(maxBodyBytes);
    this.decoder = decoder;
  }

  /** The request, or the 400 or 413 its sender gets. */
  public Parsed<EmbeddingRequest> read(byte[] bytes) {
    return body.read(bytes, this::request);
  }

  private EmbeddingRequest request(Fields fields) {
    fields.only(KNOWN);
    String model = fields.requiredString("model");
    if (model.isBlank() || model.length() > MAX_MODEL_NAME) {
      throw fields.outOfRange("model", "1 to " + MAX_MODEL_NAME + " characters");
    }
    List<String> inputs =
        inputs(fields, fields.value("input").orElseThrow(() -> fields.missing("input")));
    Encoding encoding = oneOf(fields, "encoding_format", Encoding.values(), Encoding.FLOAT);
    Optional<InputType> inputType =
        fields.string("input_type").map(_ -> oneOf(fields, "input_type", InputType.values()));
    return new EmbeddingRequest(
        model,
        inputs,
        encoding,
        dimensions(fields),
        inputType,
        fields.string("user").map(_ -> List.of("user")).orElse(List.of()));
  }

  private List<String> inputs(Fields fields, JsonNode input) {
    if (input.isTextual()) {
      return List.of(text(fields, "input", input));
    }
    if (!(input instanceof ArrayNode array)) {
      throw fields.wrongType("input", "a string or an array", input);
    }
    if (array.isEmpty()) {
      throw fields.outOfRange("input", "at least one input");
    }
    if (array.get(0).isIntegralNumber()) {
      return List.of(decoded(fields, "input", array));
    }
    if (array.size() > MAX_INPUTS) {
      throw fields.outOfRange("input", "at most " + MAX_INPUTS + " inputs");
    }
    List<String> texts = new ArrayList<>(array.size());
    for (JsonNode item : array) {
      String place = "input[" + texts.size() + "]";
      texts.add(
          switch (item) {
            case ArrayNode tokens -> decoded(fields, place, tokens);
            default -> text(fields, place, item);
          });
    }
    return List.copyOf(texts);
  }

  private static String text(Fields fields, String place, JsonNode node) {
    if (!node.isTextual()) {
      throw fields.wrongType(place, "a string or an array of token ids", node);
    }
    if (node.textValue().isEmpty()) {
      throw fields.outOfRange(place, "a text that is not empty");
    }
    return node.textValue();
  }

  private String decoded(Fields fields, String place, ArrayNode tokens) {
    int[] ids = new int[tokens.size()];
    for (int i = 0; i < ids.length; i++) {
      JsonNode id = tokens.get(i);
      if (!id.isIntegralNumber()) {
        throw fields.wrongType(place + "[" + i + "]", "a token id", id);
      }
      ids[i] = id.canConvertToInt() ? id.intValue() : -1;
    }
    return decoder
        .apply(ids)
        .filter(text -> !text.isEmpty())
        .orElseThrow(() ->
            fields.outOfRange(
                place, "token ids of cl100k_base that stand for whole characters, at least one"));
  }

  private static OptionalInt dimensions(Fields fields) {
    var asked = fields.integer("dimensions", 1);
    if (asked.isEmpty()) {
      return OptionalInt.empty();
    }
    if (asked.getAsLong() > MAX_DIMENSIONS) {
      throw fields.outOfRange("dimensions", "at most " + MAX_DIMENSIONS);
    }
    return OptionalInt.of((int) asked.getAsLong());
  }

  private static <E extends Enum<E>> E oneOf(Fields fields, String name, E[] values, E otherwise) {
    return fields.string(name).map(_ -> oneOf(fields, name, values)).orElse(otherwise);
  }

  private static <E extends Enum<E>> E oneOf(Fields fields, String name, E[] values) {
    String asked = fields.requiredString(name);
    return Arrays.stream(values)
        .filter(value -> text(value).equals(asked))
        .findFirst()
        .orElseThrow(() ->
            fields.outOfRange(
                name,
                Arrays.stream(values)
                    .map(EmbeddingRequestReader::text)
                    .collect(Collectors.joining(", ", "one of ", ""))));
  }

  private static String text(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
