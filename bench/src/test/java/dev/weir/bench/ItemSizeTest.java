package dev.weir.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class ItemSizeTest {

  @Test
  void texts_count_their_names_and_utf_8_bytes() throws JsonProcessingException {
    assertThat(ItemSize.bytes(item("{'pk':{'S':'häh'}}"))).isEqualTo(2 + 4);
  }

  @Test
  void numbers_count_a_byte_for_two_significant_digits_and_one_more()
      throws JsonProcessingException {
    assertThat(ItemSize.bytes(item("{'n':{'N':'12345'}}"))).isEqualTo(1 + 4);
    assertThat(ItemSize.bytes(item("{'n':{'N':'1000000'}}"))).isEqualTo(1 + 2);
    assertThat(ItemSize.bytes(item("{'n':{'N':'-12'}}"))).isEqualTo(1 + 3);
    assertThat(ItemSize.bytes(item("{'n':{'N':'0'}}"))).isEqualTo(1 + 1);
  }

  @Test
  void maps_and_lists_count_three_bytes_one_for_each_element_and_what_is_inside()
      throws JsonProcessingException {
    assertThat(ItemSize.bytes(item("{'m':{'M':{'a':{'S':'xy'}}}}"))).isEqualTo(1 + 3 + 1 + 3);
    assertThat(ItemSize.bytes(item("{'l':{'L':[{'BOOL':true},{'NULL':true}]}}")))
        .isEqualTo(1 + 3 + 2 + 2);
  }

  @Test
  void bytes_count_as_they_are_not_as_base64() throws JsonProcessingException {
    assertThat(ItemSize.bytes(item("{'b':{'B':'AAAA'}}"))).isEqualTo(1 + 3);
  }

  @Test
  void sets_count_their_elements() throws JsonProcessingException {
    assertThat(ItemSize.bytes(item("{'s':{'SS':['ab','c']}}"))).isEqualTo(1 + 3);
    assertThat(ItemSize.bytes(item("{'s':{'NS':['12','3']}}"))).isEqualTo(1 + 4);
  }

  @Test
  void a_write_costs_a_unit_for_each_kilobyte_begun() throws JsonProcessingException {
    assertThat(ItemSize.writeUnits(item("{}"))).isEqualTo(1);
    assertThat(ItemSize.writeUnits(item("{'t':{'S':'%s'}}".formatted("x".repeat(1023)))))
        .isEqualTo(1);
    assertThat(ItemSize.writeUnits(item("{'t':{'S':'%s'}}".formatted("x".repeat(1024)))))
        .isEqualTo(2);
  }

  private static JsonNode item(String json) throws JsonProcessingException {
    return new ObjectMapper().readTree(json.replace('\'', '"'));
  }
}
