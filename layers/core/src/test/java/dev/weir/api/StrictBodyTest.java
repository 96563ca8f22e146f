package dev.weir.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies refused before any field is looked at. */
class StrictBodyTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "nul",
        "{",
        "{'model':'m','model':'n'}",
        "{} {}",
        "{'temperature':NaN}",
        "{'temperature':Infinity}",
        "{'temperature':1e999}",
        "{'temperature':11111111111111111111111111111111111111111}",
        "{'a':'\\ud800'}",
        "{'a':'\\udc00\\ud800'}",
        "{'\\udfff':1}",
        "{'a':'\\u0000'}",
        "{'a':'\n'}",
        "\ufeff{}",
        "{'a':01}",
        "{'a':1,}",
        "{/**/}"
      })
  void what_is_not_sound_json_is_refused(String body) {
    ApiError error = Bodies.refusal(body);

    assertThat(error.status()).isEqualTo(400);
    assertThat(error.code()).isEqualTo("invalid_json");
  }

  @Test
  void invalid_utf8_and_other_encodings_are_refused() {
    assertThat(
            Bodies.error(new byte[] {'{', '"', (byte) 0xC0, (byte) 0x80, '"', ':', '1', '}'})
                .code())
        .isEqualTo("invalid_json");
    assertThat(Bodies.error("{}".getBytes(StandardCharsets.UTF_16)).code())
        .isEqualTo("invalid_json");
  }

  @Test
  void a_body_that_is_no_object_is_refused() {
    assertThat(Bodies.refusal("[]").code()).isEqualTo("invalid_type");
  }

  @Test
  void nesting_and_tokens_are_bounded() {
    ChatRequestReader large = new ChatRequestReader(1_000_000);

    assertThat(large.read(("[".repeat(65) + "]".repeat(65)).getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(Parsed.Bad.class);
    assertThat(large.read(("[" + "1,".repeat(200_000) + "1]").getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(Parsed.Bad.class);
  }

  @Test
  void a_body_over_the_cap_is_refused_unread() {
    assertThat(Bodies.error(new byte[10_001]).status()).isEqualTo(413);
  }
}
