package dev.weir.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.api.ChatCompletion;
import dev.weir.api.ChatRequest;
import dev.weir.api.ChatRequest.ToolCall;
import dev.weir.api.ChatRequestReader;
import dev.weir.api.CompletionHead;
import dev.weir.api.Parsed;
import dev.weir.route.Signal.Question;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignalTest {

  private static ChatRequest request(String more) {
    String json = "{'model':'m','messages':[{'role':'user','content':'q'}]" + more + "}";
    return switch (new ChatRequestReader(10_000)
        .read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8))) {
      case Parsed.Ok<ChatRequest>(ChatRequest read) -> read;
      case Parsed.Bad<ChatRequest>(var error) -> throw new AssertionError(error.toString());
    };
  }

  private static ChatCompletion answer(String text, List<ToolCall> calls, String finish) {
    return new ChatCompletion(
        new CompletionHead("id", 1, "m"), text, "", calls, finish, Optional.empty());
  }

  private static ChatCompletion says(String text) {
    return answer(text, List.of(), "stop");
  }

  private static Question question(long tokens, Optional<Tier> tier) {
    return new Question(
        request(",'tools':[{'type':'function','function':{'name':'f'}}]"), tokens, tier);
  }

  @Test
  void a_threshold_is_passed_above_it_and_not_at_it() {
    Question question = question(100, Optional.empty());

    assertThat(new Signal.PromptTokens(100).fires(question)).isFalse();
    assertThat(new Signal.PromptTokens(99).fires(question)).isTrue();
    assertThat(new Signal.Tools(1).fires(question)).isFalse();
    assertThat(new Signal.Tools(0).fires(question)).isTrue();
    assertThat(new Signal.Images().fires(question)).isFalse();
    assertThat(new Signal.Format().fires(question)).isFalse();
  }

  @Test
  void a_client_is_heard_only_where_that_is_declared() {
    Question large = question(1, Optional.of(Tier.LARGE));

    assertThat(new Signal.Asked().fires(large)).isTrue();
    assertThat(new Signal.Asked().fires(question(1, Optional.of(Tier.SMALL)))).isFalse();
    assertThat(new Signal.Asked().fires(question(1, Optional.empty()))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "I can\u2019t help with that.,true",
    "As an AI model I have no view.,true",
    "I\u2019m unable to see it.,true",
    "The capital is Oslo.,false",
    "'',false"
  })
  void a_refusal_is_known_by_how_it_begins(String text, boolean fires) {
    assertThat(new Signal.Refusal(Signal.Refusal.COMMON).fires(request(""), says(text)))
        .isEqualTo(fires);
  }

  @Test
  void what_is_declined_far_into_an_answer_is_no_refusal() {
    assertThat(
            new Signal.Refusal(List.of("i do not know"))
                .fires(request(""), says("x".repeat(200) + "I do not know")))
        .isFalse();
  }

  @Test
  void an_answer_at_its_limit_is_truncated() {
    assertThat(new Signal.Truncated().fires(request(""), answer("a", List.of(), "length")))
        .isTrue();
    assertThat(new Signal.Truncated().fires(request(""), says("a"))).isFalse();
  }

  private static final String SCHEMA =
      ",'response_format':{'type':'json_schema','json_schema':{'name':'s','schema':"
          + "{'type':'object','additionalProperties':false,'required':['city','people'],"
          + "'properties':{'city':{'type':'string','enum':['Oslo','Bergen']},"
          + "'people':{'type':['integer','null']},'unit':{'const':'k'},"
          + "'tags':{'type':'array','items':{'type':'string'}},'open':{'type':'boolean'},"
          + "'area':{'type':'number'},'any':true,'none':false}}}}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'city':'Oslo','people':7}",
        "{'city':'Bergen','people':null,'tags':['a'],'open':true,'area':1.5,'unit':'k','any':[]}",
        "{'city':'Oslo','people':7.0}"
      })
  void what_a_schema_allows_is_let_be(String text) {
    assertThat(new Signal.Schema().fires(request(SCHEMA), says(text.replace('\'', '"')))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'city':'Oslo'}",
        "{'city':'Rome','people':7}",
        "{'city':'Oslo','people':7.5}",
        "{'city':'Oslo','people':'7'}",
        "{'city':'Oslo','people':7,'more':1}",
        "{'city':'Oslo','people':7,'tags':['a',1]}",
        "{'city':'Oslo','people':7,'unit':'m'}",
        "{'city':'Oslo','people':7,'open':0}",
        "{'city':'Oslo','people':7,'area':'1'}",
        "{'city':'Oslo','people':7,'none':1}",
        "[]",
        "Oslo",
        "{'city':'Oslo','people':7} ok",
        ""
      })
  void what_a_schema_does_not_allow_is_found(String text) {
    assertThat(new Signal.Schema().fires(request(SCHEMA), says(text.replace('\'', '"')))).isTrue();
  }

  @Test
  void a_call_is_held_to_its_tools_parameters() {
    ChatRequest request =
        request(
            ",'tools':[{'type':'function','function':{'name':'f','parameters':"
                + "{'type':'object','required':['q']}}}]");
    Signal.Schema schema = new Signal.Schema();

    assertThat(schema.fires(request, calling("f", "{\"q\":1}"))).isFalse();
    assertThat(schema.fires(request, calling("f", "{}"))).isTrue();
    assertThat(schema.fires(request, calling("g", "{\"q\":1}"))).isTrue();
  }

  private static ChatCompletion calling(String name, String arguments) {
    return answer("", List.of(new ToolCall("c", name, arguments)), "tool_calls");
  }

  @ParameterizedTest
  @CsvSource({"0.5,false", "0.51,true", "0,false", "1,true"})
  void agreement_is_the_mean_share_of_common_words(double agreement, boolean fires) {
    // Of {a, b} and {a, b}: 1; of {a, b} and {c, d}: 0.
    assertThat(new SelfConsistency(3, agreement).fires("A b", List.of("b, A!", "c d")))
        .isEqualTo(fires);
  }

  @Test
  void two_answers_without_words_agree() {
    assertThat(new SelfConsistency(2, 1).fires("", List.of("!"))).isFalse();
  }

  @Test
  void a_sample_is_asked_for_with_some_chance_in_it() {
    SelfConsistency consistency = new SelfConsistency(2, 1);

    assertThat(consistency.sample(request(",'temperature':0")).temperature()).hasValue(0.7);
    assertThat(consistency.sample(request(",'temperature':0.9")).temperature()).hasValue(0.9);
    assertThat(consistency.sample(request("")).temperature()).hasValue(1);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "10,10",
    "' 7 ',7",
    "11,-1",
    "-1,-1",
    "7.5,-1",
    "seven,-1",
    "'',-1",
    "'7 8',-1"
  })
  void a_grade_is_one_number_from_0_to_10(String reply, int grade) {
    assertThat(Score.grade(reply).orElse(-1)).isEqualTo(grade);
  }
}
