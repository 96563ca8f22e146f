package dev.weir.remedy.drift;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One line of a file of SageMaker's data capture (Amazon SageMaker Developer Guide, "Capture data
 * from real-time endpoint"): what one request asked and was answered.
 *
 * @param rows empty when the payload could not be read
 */
public record CaptureLine(List<Map<String, String>> rows) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BASE64 = "BASE64";

  /**
   * Reads a line. Answers join the rows they belong to by their place; where there are more or
   * fewer of them they belong to none.
   *
   * @param order names of the columns of requests by their place
   * @throws IOException when it is no line of such a file
   */
  public static CaptureLine read(String line, List<String> order) throws IOException {
    JsonNode capture = JSON.readTree(line).path("captureData");
    if (!capture.path("endpointInput").isObject()) {
      throw new IOException("no line of a data capture");
    }
    List<Map<String, String>> asked =
        rows(capture.path("endpointInput"), new Payload(order, "")).orElse(List.of());
    List<Map<String, String>> answered =
        rows(capture.path("endpointOutput"), new Payload(List.of(), Column.PREDICTION))
            .orElse(List.of());
    if (asked.size() != answered.size()) {
      return new CaptureLine(asked);
    }
    List<Map<String, String>> both = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      Map<String, String> row = new TreeMap<>(asked.get(i));
      row.putAll(answered.get(i));
      both.add(row);
    }
    return new CaptureLine(both);
  }

  private static Optional<List<Map<String, String>>> rows(JsonNode side, Payload payload) {
    String data = side.path("data").asText();
    String encoding = side.path("encoding").asText();
    Optional<Payload.Form> form =
        switch (encoding) {
          case "CSV" -> Optional.of(Payload.Form.CSV);
          case "JSON" -> Optional.of(Payload.Form.JSON);
          default -> Payload.Form.of(side.path("observedContentType").asText());
        };
    try {
      String text =
          encoding.equals(BASE64) ? new String(Base64.getDecoder().decode(data), UTF_8) : data;
      return form.isPresent() ? Optional.of(payload.rows(text, form.get())) : Optional.empty();
    } catch (IOException | IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }
}
