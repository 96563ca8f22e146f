package dev.weir.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the reader refuses, by name and in the words of the OpenAI API. */
class ChatRequestRefusalTest {
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
    ApiError error = Bodies.refusal(Bodies.with(field));

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
    ApiError error = Bodies.refusal(Bodies.with(field));

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
    ApiError error = Bodies.refusal(Bodies.messages(message));

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
    assertThat(Bodies.refusal(Bodies.image(url)).param())
        .contains("messages[0].content[1].image_url.url");
  }

  @Test
  void an_unanswered_tool_call_is_refused() {
    assertThat(
            Bodies.refusal(Bodies.messages("{'role':'user','content':'q'}," + Bodies.CALL)).param())
        .contains("messages");
    assertThat(
            Bodies.refusal(
                    Bodies.messages(
                        "{'role':'user','content':'q'},"
                            + Bodies.CALL
                            + ",{'role':'user','content':'r'}"))
                .param())
        .contains("messages[2]");
  }

  @Test
  void a_tool_call_is_answered_once() {
    String answer = ",{'role':'tool','tool_call_id':'c1','content':'42'}";

    assertThat(
            Bodies.refusal(
                    Bodies.messages(
                        "{'role':'user','content':'q'}," + Bodies.CALL + answer + answer))
                .param())
        .contains("messages[3].tool_call_id");
  }

  @Test
  void tool_call_arguments_must_be_a_json_object() {
    assertThat(
            Bodies.refusal(
                    Bodies.messages(
                        "{'role':'assistant','tool_calls':[{'id':'c','type':'function',"
                            + "'function':{'name':'f','arguments':'[1'}}]}"))
                .param())
        .contains("messages[0].tool_calls[0].function.arguments");
  }

  @Test
  void a_missing_model_or_conversation_is_named() {
    assertThat(Bodies.refusal("{'messages':" + Bodies.HI + "}").param()).contains("model");
    assertThat(Bodies.refusal("{'model':'m'}").message())
        .isEqualTo("Missing required parameter: 'messages'.");
  }

  @Test
  void an_unknown_field_is_refused_in_the_words_of_the_openai_api() {
    assertThat(Bodies.refusal(Bodies.with("'frobnicate':1")).message())
        .isEqualTo("Unrecognized request argument supplied: frobnicate");
  }

  @Test
  void a_refusal_never_repeats_a_value() {
    assertThat(Bodies.refusal(Bodies.with("'tool_choice':'sk-canary'")).message())
        .doesNotContain("canary");
    assertThat(Bodies.refusal(Bodies.messages("{'role':'sk-canary','content':'a'}")).message())
        .doesNotContain("canary");
  }
}
