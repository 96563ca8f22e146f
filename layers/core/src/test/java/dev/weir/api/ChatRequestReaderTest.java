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
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatRequestReaderTest {
  private static final String HI = "[{'role':'user','content':'hi'}]";
  private static final String CALL =
      "{'role':'assistant','tool_calls':[{'id':'c1','type':'function',"
          + "'function':{'name':'f','arguments':'{\\'a\\': 1}'}}]}";
  private static final String TOOLS =
      "'tools':[{'type':'function','function':{'name':'f','parameters':{'type':'object'}}}]";

  private final ChatRequestReader reader = new ChatRequestReader(10_000);

  @Test
  void the_least_request_has_every_option_absent() {
    ChatRequest request = read("{'model':'m','messages':" + HI + "}");

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
        read(
            with(
                TOOLS
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
        read(
            with(
                "'tools':null,'tool_choice':null,'response_format':null,'max_tokens':null,"
                    + "'temperature':null,'stop':null,'stream':null,'stream_options':null,"
                    + "'n':null,'logprobs':null,'audio':null,'reasoning_effort':null"));

    assertThat(request.temperature()).isEmpty();
    assertThat(request.ignored()).isEmpty();
  }

  @Test
  void developer_and_system_messages_are_the_same_and_parts_join_by_lines() {
    assertThat(
            read(messages(
                    "{'role':'system','content':'a'},"
                        + "{'role':'developer','content':[{'type':'text','text':'b'},"
                        + "{'type':'text','text':'c'}]},{'role':'user','content':'d'}"))
                .messages())
        .containsExactly(new SystemMessage("a"), new SystemMessage("b\nc"), user("d"));
  }

  @Test
  void a_data_uri_becomes_an_image_part() {
    assertThat(read(image("data:image/jpg;base64,QUJD")).messages())
        .containsExactly(
            new UserMessage(List.of(new TextPart("see"), new ImagePart("jpeg", "QUJD"))));
  }

  @Test
  void a_tool_conversation_keeps_the_arguments_byte_for_byte() {
    ChatRequest request =
        read(
            messages(
                "{'role':'user','content':'q'},"
                    + CALL
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
            read(messages(
                    "{'role':'user','content':'q'},{'role':'assistant','content':'a',"
                        + "'refusal':null,'annotations':[],'audio':null,'function_call':null,"
                        + "'tool_calls':null},{'role':'user','content':'r'}"))
                .messages())
        .contains(new AssistantMessage("a", List.of()));
  }

  @Test
  void response_formats_are_read() {
    assertThat(read(with("'response_format':{'type':'text'}")).responseFormat()).isEmpty();
    assertThat(read(with("'response_format':{'type':'json_object'}")).responseFormat())
        .contains(new ResponseFormat.JsonObject());
    assertThat(
            read(with(
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
            read(with("'tools':[{'type':'function','function':{'name':'f'}}]"))
                .tools()
                .getFirst()
                .parameters())
        .hasToString("{\"type\":\"object\",\"properties\":{}}");
  }

  @Test
  void max_completion_tokens_and_an_equal_max_tokens_agree() {
    assertThat(read(with("'max_completion_tokens':5,'max_tokens':5")).maxTokens()).hasValue(5);
    assertThat(refusal(with("'max_completion_tokens':5,'max_tokens':6")).param())
        .contains("max_tokens");
  }

  @Test
  void accepted_fields_without_effect_are_named() {
    assertThat(
            read(with(
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
    assertThat(read(with(field)).model()).isEqualTo("m");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'n':2 | n",
        "'presence_penalty':0.1 | presence_penalty",
        "'frequency_penalty':-1 | frequency_penalty",
        "'logit_bias':{'1':5} | logit_bias",
        "'logprobs':true | logprobs",
        "'top_logprobs':1 | top_logprobs",
        "'store':true | store",
        "'service_tier':'flex' | service_tier",
        "'reasoning_effort':'high' | reasoning_effort",
        "'verbosity':'low' | verbosity",
        "'modalities':['text','audio'] | modalities",
        "'functions':[{}] | functions",
        "'function_call':'auto' | function_call",
        "'audio':{} | audio",
        "'prediction':{} | prediction",
        "'web_search_options':{} | web_search_options",
        "'moderation':{} | moderation",
        "'stream':true,'stream_options':{'include_obfuscation':true} | stream_options.include_obfuscation",
        "'tools':[{'type':'custom'}] | tools[0].type",
        "'tools':[],'tool_choice':{'type':'allowed_tools'} | tool_choice.type",
      })
  void what_cannot_be_honoured_is_refused_by_name(String field, String param) {
    ApiError error = refusal(with(field));

    assertThat(error.status()).isEqualTo(400);
    assertThat(error.code()).isEqualTo("unsupported_parameter");
    assertThat(error.param()).contains(param);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'temperature':2.1 | temperature | invalid_value",
        "'temperature':'1' | temperature | invalid_type",
        "'top_p':-0.1 | top_p | invalid_value",
        "'max_tokens':0 | max_tokens | invalid_value",
        "'max_tokens':1.5 | max_tokens | invalid_type",
        "'max_tokens':99999999999999999999 | max_tokens | invalid_value",
        "'stop':['1','2','3','4','5'] | stop | invalid_value",
        "'stop':[1] | stop[0] | invalid_type",
        "'stop':'' | stop | invalid_value",
        "'stream':'true' | stream | invalid_type",
        "'stream_options':{'include_usage':true} | stream_options | invalid_value",
        "'stream':true,'stream_options':{'x':1} | stream_options.x | unknown_parameter",
        "'tool_choice':'required' | tool_choice | invalid_value",
        "'tools':[{'type':'function','function':{'name':'a b'}}] | tools[0].function.name | invalid_value",
        "'tools':[{'type':'function','function':{}}] | tools[0].function.name | missing_required_parameter",
        "'tools':[1] | tools[0] | invalid_type",
        "'response_format':{'type':'yaml'} | response_format.type | invalid_value",
        "'response_format':{'type':'json_schema'} | response_format.json_schema | missing_required_parameter",
        "'metadata':{'a':1} | metadata | invalid_value",
        "'seed':1.5 | seed | invalid_value",
        "'frobnicate':null | frobnicate | unknown_parameter",
      })
  void wrong_values_are_refused_by_name(String field, String param, String code) {
    ApiError error = refusal(with(field));

    assertThat(error.status()).isEqualTo(400);
    assertThat(error.type()).isEqualTo("invalid_request_error");
    assertThat(error.param()).contains(param);
    assertThat(error.code()).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'role':'user','content':7} | messages[0].content | invalid_type",
        "{'role':'user','content':[]} | messages[0].content | invalid_value",
        "{'role':'user'} | messages[0].content | missing_required_parameter",
        "{'role':'user','content':'a','x':1} | messages[0].x | unknown_parameter",
        "{'content':'a'} | messages[0].role | missing_required_parameter",
        "{'role':'wizard','content':'a'} | messages[0].role | invalid_value",
        "{'role':'function','content':'a'} | messages[0].role | unsupported_parameter",
        "{'role':'user','content':[{'type':'input_audio'}]} | messages[0].content[0].type | unsupported_parameter",
        "{'role':'user','content':[{'type':'file'}]} | messages[0].content[0].type | unsupported_parameter",
        "{'role':'user','content':[{'type':'text'}]} | messages[0].content[0].text | missing_required_parameter",
        "{'role':'system','content':'a'} | messages | invalid_value",
        "{'role':'assistant'} | messages[0].content | missing_required_parameter",
        "{'role':'assistant','content':'','audio':{}} | messages[0].audio | unsupported_parameter",
        "{'role':'tool','tool_call_id':'c','content':'a'} | messages[0].tool_call_id | invalid_value",
        "7 | messages[0] | invalid_type",
      })
  void wrong_messages_are_refused_by_path(String message, String param, String code) {
    ApiError error = refusal(messages(message));

    assertThat(error.param()).contains(param);
    assertThat(error.code()).isEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com/a.png",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "data:image/svg+xml;base64,QUJD",
        "data:image/png,QUJD",
        "data:image/png;base64,",
        "data:image/png;base64,QUJ",
        "data:image/png;base64,Q===",
        "data:image/png;base64,QU=C",
        "data:image/png;base64,QU D",
        "data:"
      })
  void an_image_that_is_not_sound_inline_data_is_refused(String url) {
    assertThat(refusal(image(url)).param()).contains("messages[0].content[1].image_url.url");
  }

  @Test
  void an_unanswered_tool_call_is_refused() {
    assertThat(refusal(messages("{'role':'user','content':'q'}," + CALL)).param())
        .contains("messages");
    assertThat(
            refusal(
                    messages(
                        "{'role':'user','content':'q'}," + CALL + ",{'role':'user','content':'r'}"))
                .param())
        .contains("messages[2]");
  }

  @Test
  void a_tool_call_is_answered_once() {
    String answer = ",{'role':'tool','tool_call_id':'c1','content':'42'}";

    assertThat(refusal(messages("{'role':'user','content':'q'}," + CALL + answer + answer)).param())
        .contains("messages[3].tool_call_id");
  }

  @Test
  void tool_call_arguments_must_be_a_json_object() {
    assertThat(
            refusal(
                    messages(
                        "{'role':'assistant','tool_calls':[{'id':'c','type':'function',"
                            + "'function':{'name':'f','arguments':'[1'}}]}"))
                .param())
        .contains("messages[0].tool_calls[0].function.arguments");
  }

  @Test
  void a_missing_model_or_conversation_is_named() {
    assertThat(refusal("{'messages':" + HI + "}").param()).contains("model");
    assertThat(refusal("{'model':'m'}").message())
        .isEqualTo("Missing required parameter: 'messages'.");
  }

  @Test
  void an_unknown_field_is_refused_in_the_words_of_the_openai_api() {
    assertThat(refusal(with("'frobnicate':1")).message())
        .isEqualTo("Unrecognized request argument supplied: frobnicate");
  }

  @Test
  void a_refusal_never_repeats_a_value() {
    assertThat(refusal(with("'tool_choice':'sk-canary'")).message()).doesNotContain("canary");
    assertThat(refusal(messages("{'role':'sk-canary','content':'a'}")).message())
        .doesNotContain("canary");
  }

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
    ApiError error = refusal(body);

    assertThat(error.status()).isEqualTo(400);
    assertThat(error.code()).isEqualTo("invalid_json");
  }

  @Test
  void invalid_utf8_and_other_encodings_are_refused() {
    assertThat(error(new byte[] {'{', '"', (byte) 0xC0, (byte) 0x80, '"', ':', '1', '}'}).code())
        .isEqualTo("invalid_json");
    assertThat(error("{}".getBytes(StandardCharsets.UTF_16)).code()).isEqualTo("invalid_json");
  }

  @Test
  void a_body_that_is_no_object_is_refused() {
    assertThat(refusal("[]").code()).isEqualTo("invalid_type");
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
    assertThat(error(new byte[10_001]).status()).isEqualTo(413);
  }

  private ChatRequest read(String json) {
    return switch (reader.read(bytes(json))) {
      case Parsed.Ok<ChatRequest>(ChatRequest request) -> request;
      case Parsed.Bad<ChatRequest>(ApiError error) -> throw new AssertionError(error.toString());
    };
  }

  private ApiError refusal(String json) {
    return error(bytes(json));
  }

  private ApiError error(byte[] body) {
    return switch (reader.read(body)) {
      case Parsed.Ok<ChatRequest>(ChatRequest request) ->
          throw new AssertionError(request.toString());
      case Parsed.Bad<ChatRequest>(ApiError error) -> error;
    };
  }

  /** Turns the tests' single quotes into JSON's; an escaped one into a quote within a string. */
  private static byte[] bytes(String json) {
    return json.replace("\\'", "\\\"").replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  private static UserMessage user(String text) {
    return new UserMessage(List.of(new TextPart(text)));
  }

  private static String with(String fields) {
    return "{'model':'m','messages':" + HI + "," + fields + "}";
  }

  private static String messages(String messages) {
    return "{'model':'m','messages':[" + messages + "]}";
  }

  private static String image(String url) {
    return messages(
        "{'role':'user','content':[{'type':'text','text':'see'},"
            + "{'type':'image_url','image_url':{'url':'"
            + url
            + "'}}]}");
  }
}
