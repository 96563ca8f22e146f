package dev.weir.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyTest {

  private static final String TEXT = "weir_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

  @Test
  void a_new_key_can_be_read_again() {
    ApiKey key = ApiKey.create(new Random(1));

    assertThat(ApiKey.parse(key.reveal())).contains(key);
  }

  @Test
  void two_new_keys_differ() {
    Random random = new Random(1);

    assertThat(ApiKey.create(random)).isNotEqualTo(ApiKey.create(random));
  }

  @Test
  void the_hash_is_sha_256_of_the_whole_text() {
    assertThat(ApiKey.parse(TEXT).orElseThrow().hash())
        .isEqualTo("1aa3391a31672cd1bb219277482012a654567ea3cbc32a74e05e58ba7da57b03");
  }

  @Test
  void a_key_matches_its_own_hash_only() {
    ApiKey key = ApiKey.parse(TEXT).orElseThrow();

    assertThat(key.matches(key.hash())).isTrue();
    assertThat(key.matches(ApiKey.create(new Random(1)).hash())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "weir_",
        "weir_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh",
        "weir_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8A",
        "weir_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh=",
        "WEIR_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        " weir_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "weir_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n",
      })
  void other_texts_are_no_keys(String text) {
    assertThat(ApiKey.parse(text)).isEmpty();
  }

  @Test
  void a_key_does_not_print_its_secret() {
    assertThat(ApiKey.parse(TEXT).orElseThrow().toString()).isEqualTo("weir_***");
  }
}
