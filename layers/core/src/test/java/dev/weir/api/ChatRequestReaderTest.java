package dev.weir.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.api.ChatRequest.AssistantMessage;
import dev.weir.api.ChatRequest.ImagePart;
import dev.weir.api.ChatRequest.ResponseFormat;
import dev.weir.api.ChatRequest.SystemMessage;
import dev.weir.api.ChatRequest.TextPart;
import dev.weir.api.ChatRequest.ToolCall;
import dev.weir.api.ChatRequest.ToolChoice;
import dev.weir.api.ChatRequest.ToolMessage;
import dev.weir.api.ChatRequest.UserMessage;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the reader accepts, and what it makes of it. */
class ChatRequestReaderTest {
  @Test
  void the_least_request_has_every_option_absent() {
    ChatRequest request = Bodies.read("{'model':'m','messages':" + Bodies.HI + "}");

    assertThat(request.model()).isEqualTo("m");
    assertThat(request.messages()).containsExactly(user("hi"));
    assertThat(request.tools()).isEmpty();
    assertThat(request.toolChoice()).isEmpty();
    assertThat(request.responseFormat()).isEmpty();
    assertThat(request.maxTokens()).isEmpty();
    assertThat(request.temperature()).isEmpty();
    assertThat(request.topP()).isEmpty();
    assertThat(request.stop()).isEmpty();
    assertThat(request.parallelToolCalls()).isEmpty();
    assertThat(request.stream()).isFalse();
    assertThat(request.includeUsage()).isFalse();
    assertThat(request.ignored()).isEmpty();
  }

  @Test
  void every_honoured_option_is_read() {
    ChatRequest request =
        Bodies.read(
            Bodies.with(
                Bodies.TOOLS
                    + ",'tool_choice':'required','parallel_tool_calls':false,'max_tokens':7,"
                    + "'temperature':1.5,'top_p':1,'stop':['a','b'],'stream':true,"
                    + "'stream_options':{'include_usage':true}"));

    assertThat(request.tools()).extracting(ChatRequest.Tool::name).containsExactly("f");
    assertThat(request.toolChoice()).contains(new ToolChoice.Required());
    assertThat(request.parallelToolCalls()).contains(false);
    assertThat(request.maxTokens()).isEqualTo(OptionalLong.of(7));
    assertThat(request.temperature()).isEqualTo(OptionalDouble.of(1.5));
    assertThat(request.topP()).isEqualTo(OptionalDouble.of(1));
    assertThat(request.stop()).containsExactly("a", "b");
    assertThat(request.stream()).isTrue();
    assertThat(request.includeUsage()).isTrue();
  }

  @Test
  void an_explicit_null_counts_as_absent() {
    ChatRequest request =
        Bodies.read(
            Bodies.with(
                "'tools':null,'tool_choice':null,'response_format':null,'max_tokens':null,"
                    + "'temperature':null,'stop':null,'stream':null,'stream_options':null,"
                    + "'n':null,'logprobs':null,'audio':null,'reasoning_effort':null"));

    assertThat(request.temperature()).isEmpty();
    assertThat(request.ignored()).isEmpty();
  }

  @Test
  void developer_and_system_messages_are_the_same_and_each_part_is_one() {
    assertThat(
            Bodies.read(
                    Bodies.messages(
                        "{'role':'system','content':'a'},"
                            + "{'role':'developer','content':[{'type':'text','text':'b'},"
                            + "{'type':'text','text':'c'}]},{'role':'user','content':'d'}"))
                .messages())
        .containsExactly(
            new SystemMessage("a"), new SystemMessage("b"), new SystemMessage("c"), user("d"));
  }

  @Test
  void a_data_uri_becomes_an_image_part() {
    assertThat(Bodies.read(Bodies.image("data:image/jpg;base64,QUJD")).messages())
        .containsExactly(
            new UserMessage(List.of(new TextPart("see"), new ImagePart("jpeg", "QUJD"))));
  }

  @Test
  void a_tool_conversation_keeps_the_arguments_byte_for_byte() {
    ChatRequest request =
        Bodies.read(
            Bodies.messages(
                "{'role':'user','content':'q'},"
                    + Bodies.CALL
                    + ",{'role':'tool','tool_call_id':'c1','content':'42'}"));

    assertThat(request.messages())
        .containsExactly(
            user("q"),
            new AssistantMessage("", List.of(new ToolCall("c1", "f", "{\"a\": 1}"))),
            new ToolMessage("c1", "42"));
  }

  @Test
  void an_assistant_message_as_clients_echo_it_is_accepted() {
    assertThat(
            Bodies.read(
                    Bodies.messages(
                        "{'role':'user','content':'q'},{'role':'assistant','content':'a',"
                            + "'refusal':null,'annotations':[],'audio':null,'function_call':null,"
                            + "'tool_calls':null},{'role':'user','content':'r'}"))
                .messages())
        .contains(new AssistantMessage("a", List.of()));
  }

  @Test
  void what_the_parse_helpers_of_clients_add_is_accepted_back() {
    assertThat(
            Bodies.read(
                    Bodies.messages(
                        "{'role':'user','content':'q'},{'role':'assistant','content':null,"
                            + "'parsed':{'a':1},'tool_calls':[{'id':'c1','type':'function',"
                            + "'function':{'name':'f','arguments':'{}','parsed_arguments':{}}}]},"
                            + "{'role':'tool','tool_call_id':'c1','content':'42'}"))
                .messages())
        .contains(new AssistantMessage("", List.of(new ToolCall("c1", "f", "{}"))));
  }

  @Test
  void response_formats_are_read() {
    assertThat(Bodies.read(Bodies.with("'response_format':{'type':'text'}")).responseFormat())
        .isEmpty();
    assertThat(
            Bodies.read(Bodies.with("'response_format':{'type':'json_object'}")).responseFormat())
        .contains(new ResponseFormat.JsonObject());
    assertThat(
            Bodies.read(
                    Bodies.with(
                        "'response_format':{'type':'json_schema','json_schema':"
                            + "{'name':'s','strict':true,'schema':{'type':'object'}}}"))
                .responseFormat())
        .hasValueSatisfying(format ->
            assertThat(((ResponseFormat.JsonSchema) format).schema().path("type").asText())
                .isEqualTo("object"));
  }

  @Test
  void a_tool_without_parameters_takes_an_empty_object() {
    assertThat(
            Bodies.read(Bodies.with("'tools':[{'type':'function','function':{'name':'f'}}]"))
                .tools()
                .getFirst()
                .parameters())
        .hasToString("{\"type\":\"object\",\"properties\":{}}");
  }

  @Test
  void max_completion_tokens_and_an_equal_max_tokens_agree() {
    assertThat(Bodies.read(Bodies.with("'max_completion_tokens':5,'max_tokens':5")).maxTokens())
        .hasValue(5);
    assertThat(Bodies.refusal(Bodies.with("'max_completion_tokens':5,'max_tokens':6")).param())
        .contains("max_tokens");
  }

  @Test
  void accepted_fields_without_effect_are_named() {
    assertThat(
            Bodies.read(
                    Bodies.with(
                        "'seed':1,'user':'u','metadata':{'k':'v'},'n':1,'temperature':1.1,"
                            + "'tools':[{'type':'function','function':{'name':'f','strict':true}}]"))
                .ignored())
        .containsExactly(
            "metadata", "seed", "temperature above 1", "tools.function.strict", "user");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'n':1",
        "'presence_penalty':0",
        "'frequency_penalty':0.0",
        "'logit_bias':{}",
        "'logprobs':false",
        "'top_logprobs':0",
        "'store':false",
        "'service_tier':'auto'",
        "'reasoning_effort':'none'",
        "'verbosity':'medium'",
        "'modalities':['text']",
        "'functions':[]",
        "'function_call':'none'",
        "'stream':true,'stream_options':{'include_obfuscation':false}",
        "'tools':[]",
        "'tool_choice':'none'"
      })
  void neutral_values_are_accepted(String field) {
    assertThat(Bodies.read(Bodies.with(field)).model()).isEqualTo("m");
  }

  private static UserMessage user(String text) {
    return new UserMessage(List.of(new TextPart(text)));
  }
}
