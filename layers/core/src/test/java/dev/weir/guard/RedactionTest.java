package dev.weir.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RedactionTest {

  @Test
  void secrets_and_personal_data_are_masked_however_they_are_written() {
    assertThat(Redaction.json("{\"a\":[\"AK" + "IAQWERTYUIOP234567\",\"\\u0061nn@example.com\"]}"))
        .startsWith("{\"a\":[\"[SECRET]\",\"[")
        .doesNotContain("example.com", "AKIA");
  }

  @Test
  void a_document_without_any_stays_as_it_was() {
    assertThat(Redaction.json("{ \"a\": 1.50 }")).isEqualTo("{ \"a\": 1.50 }");
  }
}
