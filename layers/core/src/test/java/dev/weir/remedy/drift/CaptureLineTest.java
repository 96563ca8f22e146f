package dev.weir.remedy.drift;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.remedy.drift.Payload.Form;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureLineTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static String line(String type, String encoding, String asked, String answered) {
    ObjectNode line = JSON.createObjectNode();
    ObjectNode data = line.putObject("captureData");
    data.putObject("endpointInput")
        .put("observedContentType", type)
        .put("mode", "INPUT")
        .put("data", asked)
        .put("encoding", encoding);
    data.putObject("endpointOutput")
        .put("observedContentType", "text/csv; charset=utf-8")
        .put("mode", "OUTPUT")
        .put("data", answered)
        .put("encoding", "CSV");
    line.putObject("eventMetadata")
        .put("eventId", "e")
        .put("inferenceTime", "2026-11-22T12:00:00Z");
    return line.put("eventVersion", "0").toString();
  }

  private static List<Map<String, String>> rows(String line) throws IOException {
    return CaptureLine.read(line, List.of("age")).rows();
  }

  @Test
  void csv_has_its_columns_by_place_and_each_line_its_answer() throws IOException {
    assertThat(rows(line("text/csv", "CSV", "41,\"a,\"\"b\"\"\"\n42,", "0.1\n0.9\n")))
        .containsExactly(
            Map.of("age", "41", "c1", "a,\"b\"", "out.c0", "0.1"),
            Map.of("age", "42", "c1", "", "out.c0", "0.9"));
  }

  @Test
  void json_has_rows_in_its_usual_members() throws IOException {
    Map<String, String> one = Map.of("age", "41", "c1", "2", "out.c0", "1");
    for (String asked :
        List.of(
            "[41,2]",
            "[[41,2]]",
            "{\"instances\":[[41,2]]}",
            "{\"instances\":[{\"features\":[41,2]}]}",
            "{\"inputs\":[41,2]}",
            "{\"features\":[41,2]}")) {
      assertThat(rows(line("application/json", "JSON", asked, "1"))).containsExactly(one);
    }
    assertThat(
            rows(line("application/json", "JSON", "{\"age\":41,\"x\":null,\"y\":{\"z\":1}}", "1")))
        .containsExactly(Map.of("age", "41", "x", "", "y", "{\"z\":1}", "out.c0", "1"));
  }

  @Test
  void predictions_are_one_a_row() throws IOException {
    assertThat(new Payload(List.of(), "").rows("{\"predictions\":[0.1,0.9]}", Form.JSON))
        .containsExactly(Map.of("c0", "0.1"), Map.of("c0", "0.9"));
  }

  @Test
  void base64_is_read_by_its_content_type() throws IOException {
    String asked = Base64.getEncoder().encodeToString("{\"age\":1}\n{\"age\":2}\n".getBytes(UTF_8));

    assertThat(rows(line("application/jsonlines", "BASE64", asked, "0\n1")))
        .containsExactly(Map.of("age", "1", "out.c0", "0"), Map.of("age", "2", "out.c0", "1"));
  }

  @Test
  void answers_of_another_number_belong_to_no_row() throws IOException {
    assertThat(rows(line("text/csv", "CSV", "1\n2", "0.5")))
        .containsExactly(Map.of("age", "1"), Map.of("age", "2"));
  }

  @Test
  void what_is_asked_without_capturing_answers_is_read() throws IOException {
    String line = "{\"captureData\":{\"endpointInput\":{\"data\":\"7\",\"encoding\":\"CSV\"}}}";

    assertThat(rows(line)).containsExactly(Map.of("age", "7"));
  }

  @Test
  void payloads_of_no_known_form_have_no_rows() throws IOException {
    assertThat(rows(line("image/png", "BASE64", "iVBORw0=", "1"))).isEmpty();
    assertThat(rows(line("application/json", "JSON", "{\"age\":", "1"))).isEmpty();
    assertThat(rows(line("text/csv", "BASE64", "%", "1"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"captureData\":{}}", "{", "1,2,3", "[]"})
  void anything_else_is_no_line_of_a_capture(String line) {
    assertThatThrownBy(() -> rows(line)).isInstanceOf(IOException.class);
  }
}
