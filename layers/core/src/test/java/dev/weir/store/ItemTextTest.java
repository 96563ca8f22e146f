package dev.weir.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class ItemTextTest {

  private static final int CASES = 2_000;

  private final Random random = new Random(7);

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.appendCodePoint("a\"\\\n\u0000é#{}:,😀".codePoints().toArray()[random.nextInt(12)]);
    }
    return text.toString();
  }

  private Map<String, AttributeValue> attributes(int depth) {
    Map<String, AttributeValue> attributes = new HashMap<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      attributes.put(text(), value(depth));
    }
    return attributes;
  }

  private AttributeValue value(int depth) {
    return switch (random.nextInt(depth == 0 ? 3 : 5)) {
      case 0 -> AttributeValue.fromS(text());
      case 1 -> AttributeValue.fromN(Long.toString(random.nextLong()));
      case 2 -> AttributeValue.fromBool(random.nextBoolean());
      case 3 -> AttributeValue.fromM(attributes(depth - 1));
      default -> AttributeValue.fromL(List.of(value(depth - 1), value(depth - 1)));
    };
  }

  @Test
  void attributes_are_read_back_from_their_text_which_has_no_line_break() {
    for (int i = 0; i < CASES; i++) {
      Map<String, AttributeValue> attributes = attributes(2);
      String text = ItemText.of(attributes);
      assertThat(text).doesNotContain("\n");
      Map<String, AttributeValue> read = ItemText.read(text);
      assertThat(ItemText.of(read)).isEqualTo(text);
      assertThat(read.keySet()).isEqualTo(attributes.keySet());
    }
  }

  @Test
  void equal_attributes_have_equal_texts_in_whatever_order_and_however_numbers_are_written() {
    Map<String, AttributeValue> one = new LinkedHashMap<>();
    one.put("b", AttributeValue.fromN("0.8700"));
    one.put("a", AttributeValue.fromN("100"));
    Map<String, AttributeValue> other = new LinkedHashMap<>();
    other.put("a", AttributeValue.fromN("1E+2"));
    other.put("b", AttributeValue.fromN("0.87"));

    assertThat(ItemText.of(one))
        .isEqualTo(ItemText.of(other))
        .isEqualTo("{\"a\":{\"N\":\"100\"},\"b\":{\"N\":\"0.87\"}}");
  }

  @Test
  void other_attributes_have_other_texts() {
    for (int i = 0; i < CASES; i++) {
      Map<String, AttributeValue> attributes = attributes(2);
      if (attributes.isEmpty()) {
        continue;
      }
      Map<String, AttributeValue> other = new HashMap<>(attributes);
      List<String> names = new ArrayList<>(attributes.keySet());
      other.put(names.get(random.nextInt(names.size())), value(2));

      assertThat(ItemText.of(attributes).equals(ItemText.of(other)))
          .isEqualTo(attributes.equals(other));
    }
  }

  @Test
  void what_is_never_written_here_makes_another_text_too() {
    assertThat(ItemText.of(Map.of("a", AttributeValue.fromSs(List.of("x")))))
        .isNotEqualTo(ItemText.of(Map.of("a", AttributeValue.fromSs(List.of("y")))))
        .isNotEmpty();
    assertThat(ItemText.of(Map.of("a", AttributeValue.fromNul(true)))).isNotEmpty();
  }

  @Test
  void no_attributes_are_no_text() {
    assertThat(ItemText.of(Map.of())).isEmpty();
    assertThat(ItemText.read("")).isEmpty();
  }
}
