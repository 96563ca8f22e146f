package dev.weir.local.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EventPatternTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static boolean matches(String pattern, String event) {
    return EventPattern.read(json(pattern)).matches(json(event));
  }

  /** Each test of a value {@code v}: what matches it, and what does not. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"a\"                                    | \"a\"          | \"b\"",
        "\"\"                                     | \"\"           | null",
        "300                                      | 300            | 300.0",
        "true                                     | true           | \"true\"",
        "null                                     | null           | \"null\"",
        "{\"prefix\":\"us-\"}                     | \"us-east-1\"  | \"eu-west-1\"",
        "{\"prefix\":{\"equals-ignore-case\":\"US-\"}}  | \"us-east-1\" | \"eu-west-1\"",
        "{\"suffix\":\".png\"}                    | \"a.png\"      | \"a.PNG\"",
        "{\"suffix\":{\"equals-ignore-case\":\".png\"}} | \"a.PNG\"     | \"png.a\"",
        "{\"equals-ignore-case\":\"alice\"}       | \"ALICE\"      | \"alice \"",
        "{\"wildcard\":\"dir/*.png\"}             | \"dir/a/b.png\" | \"adir/a.png\"",
        "{\"wildcard\":\"*\"}                     | \"\"           | 1",
        "{\"wildcard\":\"a\\\\*b\"}               | \"a*b\"        | \"axb\"",
        "{\"wildcard\":\"a.c\"}                   | \"a.c\"        | \"abc\"",
        "{\"anything-but\":\"a\"}                 | \"b\"          | \"a\"",
        "{\"anything-but\":[\"a\",\"b\"]}         | \"c\"          | \"b\"",
        "{\"anything-but\":100}                   | 101            | 100",
        "{\"anything-but\":[100,200]}             | \"100\"        | 200",
        "{\"anything-but\":{\"prefix\":\"us-\"}}  | \"eu-1\"       | \"us-1\"",
        "{\"anything-but\":{\"prefix\":[\"a\",\"b\"]}} | \"c1\"    | \"b1\"",
        "{\"anything-but\":{\"suffix\":\".png\"}} | \"a.jpg\"      | \"a.png\"",
        "{\"anything-but\":{\"equals-ignore-case\":[\"a\"]}} | \"b\" | \"A\"",
        "{\"anything-but\":{\"wildcard\":\"*/lib/*\"}} | \"/bin/x\" | \"/usr/lib/x\"",
        "{\"numeric\":[\"=\",3.0]}                | 3              | \"3\"",
        "{\"numeric\":[\"<\",10]}                 | 9.5            | 10",
        "{\"numeric\":[\"<=\",10]}                | 10             | 10.1",
        "{\"numeric\":[\">\",0,\"<=\",5]}         | 5              | 0",
        "{\"numeric\":[\">=\",0,\"<\",5]}         | 0              | 5",
        "{\"exists\":true}                        | null           | {}",
        "{\"exists\":false}                       | {\"x\":1}      | 0"
      })
  void a_value_is_tested(String test, String matching, String other) {
    String pattern = "{\"v\":[" + test + "]}";
    assertThat(matches(pattern, "{\"v\":" + matching + "}")).isTrue();
    assertThat(matches(pattern, "{\"v\":" + other + "}")).isFalse();
  }

  @Test
  void every_field_must_match_and_one_test_of_each() {
    String pattern = "{\"source\":[\"a\",\"b\"],\"detail\":{\"x\":{\"y\":[1]}}}";
    assertThat(matches(pattern, "{\"source\":\"b\",\"detail\":{\"x\":{\"y\":1,\"z\":2}}}"))
        .isTrue();
    assertThat(matches(pattern, "{\"source\":\"b\",\"detail\":{\"x\":{\"y\":2}}}")).isFalse();
    assertThat(matches(pattern, "{\"source\":\"c\",\"detail\":{\"x\":{\"y\":1}}}")).isFalse();
    assertThat(matches(pattern, "{\"source\":\"a\"}")).isFalse();
  }

  @Test
  void one_element_of_an_array_is_enough() {
    assertThat(matches("{\"r\":[\"x\"]}", "{\"r\":[\"w\",\"x\"]}")).isTrue();
    assertThat(matches("{\"r\":[\"x\"]}", "{\"r\":[]}")).isFalse();
    assertThat(matches("{\"r\":[{\"exists\":false}]}", "{\"r\":[]}")).isTrue();
    assertThat(matches("{\"r\":[{\"anything-but\":\"x\"}]}", "{\"r\":[\"x\",\"y\"]}")).isTrue();
  }

  @Test
  void fields_of_different_elements_do_not_add_up() {
    String pattern = "{\"r\":{\"a\":[1],\"b\":[2]}}";
    assertThat(matches(pattern, "{\"r\":[{\"a\":1,\"b\":2},{}]}")).isTrue();
    assertThat(matches(pattern, "{\"r\":[{\"a\":1,\"b\":3},{\"a\":3,\"b\":2}]}")).isFalse();
  }

  @Test
  void or_needs_one_of_its_alternatives_beside_the_other_fields() {
    String pattern = "{\"s\":[\"x\"],\"$or\":[{\"a\":[1]},{\"b\":[{\"numeric\":[\">\",5]}]}]}";
    assertThat(matches(pattern, "{\"s\":\"x\",\"a\":1}")).isTrue();
    assertThat(matches(pattern, "{\"s\":\"x\",\"a\":2,\"b\":6}")).isTrue();
    assertThat(matches(pattern, "{\"s\":\"x\",\"a\":2,\"b\":5}")).isFalse();
    assertThat(matches(pattern, "{\"s\":\"y\",\"a\":1}")).isFalse();
  }

  @Test
  void a_field_below_one_that_is_not_there_does_not_exist() {
    String pattern = "{\"detail\":{\"suppressed\":{\"by\":[{\"exists\":false}]}}}";
    assertThat(matches(pattern, "{\"detail\":{}}")).isTrue();
    assertThat(matches(pattern, "{\"detail\":{\"suppressed\":{\"by\":\"x\"}}}")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{}",
        "\"x\"",
        "{\"v\":\"x\"}",
        "{\"v\":[]}",
        "{\"v\":{}}",
        "{\"v\":[[1]]}",
        "{\"v\":[{\"cidr\":\"10.0.0.0/24\"}]}",
        "{\"v\":[{\"prefix\":1}]}",
        "{\"v\":[{\"prefix\":\"a\",\"suffix\":\"b\"}]}",
        "{\"v\":[{\"wildcard\":\"a**b\"}]}",
        "{\"v\":[{\"wildcard\":\"a\\\\b\"}]}",
        "{\"v\":[{\"exists\":\"yes\"}]}",
        "{\"v\":[{\"anything-but\":[]}]}",
        "{\"v\":[{\"anything-but\":[\"a\",1]}]}",
        "{\"v\":[{\"anything-but\":{\"numeric\":[\"=\",1]}}]}",
        "{\"v\":[{\"numeric\":[\">\"]}]}",
        "{\"v\":[{\"numeric\":[\"<\",5,\">\",1]}]}",
        "{\"v\":[{\"numeric\":[\"~\",5]}]}",
        "{\"v\":[{\"numeric\":[\">\",6e9]}]}",
        "{\"v\":[{\"numeric\":[\">\",\"5\"]}]}",
        "{\"$or\":[{\"a\":[1]}]}",
        "{\"$or\":{\"a\":[1]}}"
      })
  void what_is_no_pattern_is_refused_when_it_is_read(String pattern) {
    assertThatThrownBy(() -> EventPattern.read(json(pattern)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("event pattern");
  }

  @Test
  void a_pattern_over_2048_characters_is_refused() {
    String long2048 = "{\"v\":[\"" + "x".repeat(2048 - 10) + "\"]}";
    assertThat(EventPattern.read(json(long2048))).isNotNull();
    assertThatThrownBy(() -> EventPattern.read(json(long2048.replace("[\"", "[\"x"))))
        .hasMessageContaining("2048");
  }

  /** Any text matches its own prefixes, suffixes, and itself with pieces replaced by stars. */
  @Test
  void a_text_matches_what_is_cut_from_it() {
    Random random = new Random(5);
    for (int round = 0; round < 2_000; round++) {
      String text =
          random
              .ints(1 + random.nextInt(12), 'a', 'e')
              .mapToObj(Character::toString)
              .reduce("", String::concat);
      int from = random.nextInt(text.length() + 1);
      int to = from + random.nextInt(text.length() - from + 1);
      String event = "{\"v\":\"" + text + "\"}";
      assertThat(matches(test("prefix", text.substring(0, to)), event)).isTrue();
      assertThat(matches(test("suffix", text.substring(from)), event)).isTrue();
      String wildcard = text.substring(0, from) + "*" + text.substring(to);
      assertThat(matches(test("wildcard", wildcard), event)).as(wildcard + " " + text).isTrue();
      assertThat(matches(test("wildcard", wildcard + "x"), event)).isFalse();
    }
  }

  private static String test(String operator, String argument) {
    return "{\"v\":[{\"" + operator + "\":\"" + argument + "\"}]}";
  }
}
