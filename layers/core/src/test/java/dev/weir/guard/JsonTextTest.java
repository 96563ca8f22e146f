package dev.weir.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

  private static final String ESCAPED = "\\u0041" + Samples.AWS_KEY.substring(1);

  private static Verdict judge(Rule rule, Action action, String json) {
    return Samples.only(rule, action).judgeJson(Direction.INPUT, json.replace('\'', '"'));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'a':'%s','a':'x'}",
        "{'a':'x','a':'%s'}",
        "{'a':'%s'}{}",
        "{'a':1}\n{'a':'%s'}\n",
        "{'a':'%s'} trailing",
        "{'a':'%s','b':NaN}",
        "{'b':NaN,'a':'%s'}",
        "{a:\\'%s\\'}",
        "{'b':NaN,'a':'\\\\%s'}",
      })
  void an_escape_hides_nothing_in_what_resembles_json(String json) {
    assertThat(judge(Rule.SECRETS, Action.BLOCK, json.formatted(ESCAPED)))
        .isEqualTo(new Verdict.Blocked("", "secrets"));
  }

  @Test
  void what_only_an_escape_of_other_text_hides_is_blocked_since_it_cannot_be_masked() {
    assertThat(judge(Rule.PII, Action.MASK, "{'a':NaN,'b':'jane\\x2edoe\\u0040example.com'}"))
        .isEqualTo(new Verdict.Blocked("", "pii"));
  }

  @Test
  void lines_stay_byte_for_byte_or_lines() {
    String clean = "{'a': 1.50}\n{'a' :'\\u0062'}\n".replace('\'', '"');

    assertThat(judge(Rule.PII, Action.MASK, clean)).isEqualTo(new Verdict.Allowed(clean));
    assertThat(judge(Rule.PII, Action.MASK, "{'a':1.50}\n{'b':'" + Samples.EMAIL + "'}").text())
        .isEqualTo("{'a':1.50}\n{'b':'[EMAIL]'}".replace('\'', '"'));
  }

  @Test
  void what_is_shown_of_json_holds_each_of_two_equal_keys_and_no_escape() {
    assertThat(JsonText.plain("{\"a\":\"\\u0041\",\"a\":\"B\"}"))
        .isEqualTo("{\"a\":\"A\",\"a\":\"B\"}");
    assertThat(JsonText.plain("{a:'\\u0041\\x42\\n\\q\\u00'}\\")).isEqualTo("{a:'AB\nqu00'}");
  }
}
