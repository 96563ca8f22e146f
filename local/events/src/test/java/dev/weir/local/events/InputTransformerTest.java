package dev.weir.local.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InputTransformerTest {
  private static final Map<String, String> PATHS =
      Map.of(
          "state", "$.detail.state",
          "size", "$.detail.size",
          "tags", "$.detail.tags",
          "type", "$.detail-type",
          "quote", "$.detail.quote",
          "none", "$.detail.none");

  private static ObjectNode event() {
    try {
      return (ObjectNode)
          new ObjectMapper()
              .readTree(
                  """
                  {"id":"1","detail-type":"T","detail":
                    {"state":"RUNNING","size":3,"tags":{"a":[1]},"quote":"say \\"x\\""}}\
                  """);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String transformed(String template) {
    return InputTransformer.read(PATHS, template)
        .payload(event(), "r", "arn:r", "2026-01-01T00:00:00Z")
        .toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":<state>}            | {\"a\":\"RUNNING\"}",
        "{\"a\":\"<state>\"}        | {\"a\":\"RUNNING\"}",
        "{\"a\": <size> }           | {\"a\":3}",
        "{\"a\":\"<size>\"}         | {\"a\":\"3\"}",
        "{\"a\":<tags>}             | {\"a\":{\"a\":[1]}}",
        "[<state>,\"is <state>!\"]  | [\"RUNNING\",\"is RUNNING!\"]",
        "\"<type> is <state>\"      | \"T is RUNNING\"",
        "\"\\\"<state>\\\"\"        | \"\\\"RUNNING\\\"\"",
        "{\"a\":\"\\\\\",\"b\":<size>} | {\"a\":\"\\\\\",\"b\":3}",
        "{\"a\":<quote>,\"b\":\"<quote>\"} | {\"a\":\"say \\\"x\\\"\",\"b\":\"say \\\"x\\\"\"}",
        "\"<tags>\"                 | \"{\\\"a\\\":[1]}\"",
        "{\"a\":<none>,\"b\":\"<none>\"} | {\"a\":\"\",\"b\":\"\"}",
        "{\"a\":\"<state>\",\"b\":<tags>} | {\"a\":\"RUNNING\",\"b\":{\"a\":[1]}}",
        "<state>                    | \"RUNNING\"",
        "{\"a\":\"1 < 2 > 0\"}      | {\"a\":\"1 < 2 > 0\"}",
        "\"<aws.events.rule-arn> <aws.events.rule-name>\" | \"arn:r r\"",
        "{\"t\":<aws.events.event.ingestion-time>} | {\"t\":\"2026-01-01T00:00:00Z\"}"
      })
  void placeholders_become_json_outside_of_quotes_and_text_inside(String template, String result) {
    assertThat(transformed(template)).isEqualTo(result);
  }

  @Test
  void the_whole_event_is_one_variable_and_the_event_without_its_detail_another() {
    assertThat(transformed("{\"event\":<aws.events.event.json>}"))
        .isEqualTo("{\"event\":" + event() + "}");
    assertThat(transformed("{\"event\":<aws.events.event>}"))
        .isEqualTo("{\"event\":{\"id\":\"1\",\"detail-type\":\"T\"}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<state> is the state",
        "{\"a\":<unknown>}",
        "{<state>:1}",
        "{\"a\":\"<aws.events.event.json>\"}",
        "{\"a\":\"<aws.events.event>\"}",
        "{\"a\":1",
        "\"a\"\n\"b\""
      })
  void a_template_that_cannot_give_json_is_refused_when_it_is_read(String template) {
    assertThatThrownBy(() -> InputTransformer.read(PATHS, template))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"detail", "$.a[0]", "$.a.*", "$..a", "$['a']", ""})
  void a_path_is_in_dot_notation(String path) {
    assertThatThrownBy(() -> InputTransformer.read(Map.of("a", path), "<a>"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void names_of_aws_are_reserved() {
    assertThatThrownBy(() -> InputTransformer.read(Map.of("aws.x", "$.id"), "<aws.x>"))
        .hasMessageContaining("reserved");
  }
}
