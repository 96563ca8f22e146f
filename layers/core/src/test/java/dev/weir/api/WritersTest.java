package dev.weir.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.api.ChatRequest.ToolCall;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WritersTest {
  private static final CompletionHead HEAD = new CompletionHead("chatcmpl-1", 7, "m");

  @Test
  void a_completion_is_written_as_openai_writes_it() {
    ChatCompletion completion =
        new ChatCompletion(
            HEAD, "hi", "", List.of(), "stop", Optional.of(new CompletionUsage(9, 2, 4, 1)));

    assertThat(text(ChatCompletionWriter.bytes(completion)))
        .isEqualTo(
            json(
                "{'id':'chatcmpl-1','object':'chat.completion','created':7,'model':'m',"
                    + "'choices':[{'index':0,'message':{'role':'assistant','content':'hi',"
                    + "'refusal':null},'logprobs':null,'finish_reason':'stop'}],"
                    + "'usage':{'prompt_tokens':9,'completion_tokens':2,'total_tokens':11,"
                    + "'prompt_tokens_details':{'cached_tokens':4,'cache_write_tokens':1}}}"));
  }

  @Test
  void tool_calls_leave_the_content_null_and_usage_nobody_reported_is_left_out() {
    ChatCompletion completion =
        new ChatCompletion(
            HEAD,
            "",
            "because",
            List.of(new ToolCall("c1", "f", "{\"a\":1}")),
            "tool_calls",
            Optional.empty());

    assertThat(text(ChatCompletionWriter.bytes(completion)))
        .isEqualTo(
            json(
                "{'id':'chatcmpl-1','object':'chat.completion','created':7,'model':'m',"
                    + "'choices':[{'index':0,'message':{'role':'assistant','content':null,"
                    + "'refusal':null,'reasoning_content':'because','tool_calls':[{'id':'c1',"
                    + "'type':'function','function':{'name':'f','arguments':'{\\'a\\':1}'}}]},"
                    + "'logprobs':null,'finish_reason':'tool_calls'}]}"));
  }

  @Test
  void a_completion_can_be_served_under_another_head() {
    CompletionHead other = new CompletionHead("chatcmpl-2", 8, "n");
    ChatCompletion completion =
        new ChatCompletion(HEAD, "hi", "", List.of(), "stop", Optional.empty());

    assertThat(completion.under(other).head()).isEqualTo(other);
    assertThat(completion.under(other).under(HEAD)).isEqualTo(completion);
  }

  @Test
  void what_is_no_completion_is_not_read_as_one() {
    for (String body : List.of("", "{", "[]", "{}", "{\"choices\":[{\"message\":{}}]}")) {
      assertThat(ChatCompletionReader.read(body.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }
  }

  @Test
  void the_chunks_of_a_tool_call_name_it_once() {
    ChatChunkWriter writer = new ChatChunkWriter(false);

    assertThat(chunk(writer, new ChatChunk.Role(false)))
        .contains(json("'delta':{'role':'assistant','content':null,'refusal':null}"));
    assertThat(chunk(writer, new ChatChunk.CallStart(1, "c1", "f")))
        .contains(
            json(
                "'delta':{'tool_calls':[{'index':1,'id':'c1','type':'function',"
                    + "'function':{'name':'f','arguments':''}}]}"));
    assertThat(chunk(writer, new ChatChunk.CallArguments(1, "{")))
        .contains(json("'delta':{'tool_calls':[{'index':1,'function':{'arguments':'{'}}]}"));
    assertThat(chunk(writer, new ChatChunk.Finish("tool_calls")))
        .contains(json("'delta':{},'logprobs':null,'finish_reason':'tool_calls'"))
        .doesNotContain("usage");
  }

  @Test
  void an_error_names_the_field_or_null() {
    assertThat(text(ApiErrorWriter.bytes(ApiError.invalid("n", "c", "m"))))
        .isEqualTo(
            json(
                "{'error':{'message':'m','type':'invalid_request_error','param':'n',"
                    + "'code':'c'}}"));
    assertThat(text(ApiErrorWriter.bytes(ApiError.malformed("c", "m"))))
        .contains(json("'param':null"));
  }

  @Test
  void models_are_listed_as_openai_lists_them() {
    ModelCard card = new ModelCard("nova-lite", 1733184000, "amazon");
    String one =
        json("{'id':'nova-lite','object':'model','created':1733184000,'owned_by':'amazon'}");

    assertThat(text(ModelListWriter.bytes(card))).isEqualTo(one);
    assertThat(text(ModelListWriter.bytes(List.of(card, card))))
        .isEqualTo("{\"object\":\"list\",\"data\":[" + one + "," + one + "]}");
  }

  private static String chunk(ChatChunkWriter writer, ChatChunk.Delta delta) {
    return text(writer.bytes(new ChatChunk(HEAD, delta)).orElseThrow());
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String json(String text) {
    return new String(Bodies.bytes(text), StandardCharsets.UTF_8);
  }
}
