package dev.weir.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.api.ChatRequest;
import dev.weir.api.ChatRequest.AssistantMessage;
import dev.weir.api.ChatRequest.CachePoint;
import dev.weir.api.ChatRequest.CachePoint.Ttl;
import dev.weir.api.ChatRequest.SystemMessage;
import dev.weir.api.ChatRequest.UserMessage;
import dev.weir.api.ChatRequestReader;
import dev.weir.api.Parsed;
import dev.weir.route.PromptCache.Mode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromptCacheTest {

  private static final PromptCache MARKED = new PromptCache(Mode.MARKED, 2, 100, true, true);
  private static final PromptCache NARROW = new PromptCache(Mode.MARKED, 2, 100, false, false);
  private static final PromptCache AUTO = new PromptCache(Mode.AUTO, 4, 100, true, false);
  private static final CachePoint POINT = new CachePoint(Ttl.FIVE_MINUTES);
  private static final CachePoint LONG = new CachePoint(Ttl.ONE_HOUR);

  private static final String SYSTEM = "{'role':'system','content':'s'},";
  private static final String TALK =
      "{'role':'user','content':'1'},{'role':'assistant','content':'2'},"
          + "{'role':'user','content':'3'},{'role':'assistant','content':'4'},"
          + "{'role':'user','content':'5'},{'role':'assistant','content':'6'},"
          + "{'role':'user','content':'7'}";
  private static final String TOOLS =
      ",'tools':[{'type':'function','function':{'name':'f'}},"
          + "{'type':'function','function':{'name':'g'}}]";

  private static ChatRequest request(String messages, String options) {
    String json = "{'model':'m','messages':[" + messages + "]" + options + "}";
    return switch (new ChatRequestReader(10_000)
        .read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8))) {
      case Parsed.Ok<ChatRequest>(ChatRequest read) -> read;
      case Parsed.Bad<ChatRequest>(var error) -> throw new AssertionError(error.toString());
    };
  }

  private static String marked(String json, String ttl) {
    String mark = "'cache_control':{'type':'ephemeral','ttl':'" + ttl + "'},";
    return json.replace("'role'", mark + "'role'")
        .replace("'type':'function',", mark + "'type':'function',");
  }

  private static List<String> tokens(ChatRequest request) {
    return request.messages().stream()
        .map(message ->
            switch (message) {
              case CachePoint point -> point.ttl().text();
              case SystemMessage(String text) -> text;
              case AssistantMessage(String text, var calls) -> text + calls.size();
              case UserMessage(var parts) -> "u" + parts.size();
              case ChatRequest.ToolMessage tool -> tool.text();
            })
        .toList();
  }

  @Test
  void without_a_prompt_cache_nothing_is_left_of_the_marks_and_they_are_named() {
    ChatRequest request = request(marked(SYSTEM + TALK, "5m"), marked(TOOLS, "5m"));

    assertThat(PromptCache.OFF.fit(request, 1_000).cachePoints()).isEmpty();
    assertThat(PromptCache.OFF.ignored(request)).containsExactly("cache_control");
    assertThat(PromptCache.OFF.used(request)).isZero();
    assertThat(PromptCache.OFF.ignored(request(TALK, TOOLS))).isEmpty();
  }

  @Test
  void marks_are_sent_as_they_are_where_they_are_taken() {
    ChatRequest request = request(marked(SYSTEM, "1h") + "{'role':'user','content':'q'}", "");

    assertThat(MARKED.fit(request, 5).messages()).isEqualTo(request.messages());
    assertThat(MARKED.ignored(request)).isEmpty();
  }

  @Test
  void of_too_many_the_last_stay() {
    ChatRequest request = request(marked(SYSTEM + TALK, "5m"), marked(TOOLS, "5m"));

    ChatRequest fit = MARKED.fit(request, 1_000);

    assertThat(MARKED.used(request)).isEqualTo(10);
    assertThat(fit.cachePoints()).hasSize(2);
    assertThat(tokens(fit)).containsExactly("s", "u1", "20", "u1", "40", "u1", "60", "5m", "u2");
  }

  @Test
  void a_point_after_tools_and_an_hour_are_named_and_left_out_where_they_are_not_taken() {
    ChatRequest request =
        request(marked(SYSTEM, "1h") + "{'role':'user','content':'q'}", marked(TOOLS, "1h"));

    assertThat(NARROW.ignored(request)).containsExactly("cache_control.ttl", "tools.cache_control");
    assertThat(NARROW.used(request)).isEqualTo(1);
    assertThat(NARROW.fit(request, 5).cachePoints()).containsExactly(POINT);
    assertThat(MARKED.fit(request, 5).cachePoints()).containsExactly(LONG, LONG);
  }

  @Test
  void of_itself_it_sets_points_after_system_and_the_last_two_answers() {
    ChatRequest fit = AUTO.fit(request(SYSTEM + TALK, TOOLS), 1_000);

    assertThat(tokens(fit))
        .containsExactly("s", "5m", "u1", "20", "u1", "40", "5m", "u1", "60", "5m", "u1");
    assertThat(fit.tools()).allSatisfy(tool -> assertThat(tool.cachePoint()).isEmpty());
  }

  @Test
  void without_a_system_prompt_the_first_point_is_after_the_tools() {
    ChatRequest fit = AUTO.fit(request("{'role':'user','content':'q'}", TOOLS), 1_000);

    assertThat(fit.tools().getLast().cachePoint()).hasValue(POINT);
    assertThat(fit.cachePoints()).hasSize(1);
  }

  @Test
  void a_single_question_is_not_kept() {
    assertThat(AUTO.fit(request("{'role':'user','content':'q'}", ""), 1_000).cachePoints())
        .isEmpty();
  }

  @Test
  void a_prompt_below_the_minimum_gets_no_points() {
    ChatRequest request = request(SYSTEM + TALK, TOOLS);

    assertThat(AUTO.fit(request, 99)).isSameAs(request);
    assertThat(AUTO.fit(request, 100)).isNotSameAs(request);
  }

  @Test
  void who_marks_is_not_meddled_with() {
    ChatRequest request = request(marked(SYSTEM, "5m") + TALK, TOOLS);

    assertThat(AUTO.fit(request, 1_000).cachePoints()).hasSize(1);
  }

  @Test
  void only_by_itself_does_it_set_points() {
    ChatRequest request = request(SYSTEM + TALK, TOOLS);

    assertThat(MARKED.fit(request, 1_000)).isSameAs(request);
  }
}
