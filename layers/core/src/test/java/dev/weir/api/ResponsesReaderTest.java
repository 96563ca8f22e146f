package dev.weir.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponsesReaderTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PIXEL = "data:image/png;base64,iVBORw0KGgo=";

  private final ResponsesReader reader = new ResponsesReader(100_000);

  private ResponsesRequest read(String body) {
    Parsed<ResponsesRequest> parsed = reader.read(utf8(body));
    assertThat(parsed).as(body).isInstanceOf(Parsed.Ok.class);
    return ((Parsed.Ok<ResponsesRequest>) parsed).value();
  }

  private ResponsesReader.Chat chat(String body, JsonNode... remembered) {
    Parsed<ResponsesReader.Chat> parsed = reader.chat(read(body), List.of(remembered));
    assertThat(parsed).as(body).isInstanceOf(Parsed.Ok.class);
    return ((Parsed.Ok<ResponsesReader.Chat>) parsed).value();
  }

  /** The error of a body, found in either step. */
  private ApiError refusal(String body) {
    return switch (reader.read(utf8(body))) {
      case Parsed.Bad<ResponsesRequest>(ApiError error) -> error;
      case Parsed.Ok<ResponsesRequest>(ResponsesRequest request) ->
          switch (reader.chat(request, List.of())) {
            case Parsed.Bad<ResponsesReader.Chat>(ApiError error) -> error;
            case Parsed.Ok<ResponsesReader.Chat> _ ->
                throw new AssertionError("not refused: " + body);
          };
    };
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_text_is_what_the_user_says() {
    assertThat(chat("{\"model\":\"m\",\"input\":\"hi\"}").request().body())
        .isEqualTo(json("{'model':'m','messages':[{'role':'user','content':'hi'}]}"));
  }

  @Test
  void every_field_finds_its_place() {
    String body =
        chat("""
        {"model":"m","input":[{"role":"user","content":"hi"}],"instructions":"be brief",
         "max_output_tokens":5,"temperature":0,"top_p":0.5,"stream":true,
         "stream_options":{"include_obfuscation":false},"parallel_tool_calls":false,
         "tools":[{"type":"function","name":"f","description":"d","strict":true,
           "parameters":{"type":"object"}}],
         "tool_choice":{"type":"function","name":"f"},
         "text":{"format":{"type":"json_schema","name":"s","schema":{"type":"object"}},
           "verbosity":"medium"},
         "reasoning":{"effort":"none"},"truncation":"auto","metadata":{"a":"b"},
         "user":"u","background":false,"include":[],"store":false}
        """)
            .request()
            .body()
            .toString();

    assertThat(body)
        .isEqualTo(
            json("""
            {'model':'m','stream':true,'temperature':0,'top_p':0.5,'parallel_tool_calls':false,
             'user':'u','stream_options':{'include_obfuscation':false},'max_tokens':5,
             'tools':[{'type':'function','function':{'name':'f','description':'d',
               'parameters':{'type':'object'},'strict':true}}],
             'tool_choice':{'type':'function','function':{'name':'f'}},'verbosity':'medium',
             'response_format':{'type':'json_schema','json_schema':{'name':'s',
               'schema':{'type':'object'}}},
             'reasoning_effort':'none',
             'messages':[{'role':'system','content':'be brief'},
               {'role':'user','content':'hi'}]}
            """)
                .toString());
  }

  @Test
  void what_a_model_said_in_one_breath_is_one_message() {
    JsonNode messages =
        chat("""
        {"model":"m","input":[
          {"role":"user","content":[{"type":"input_text","text":"hi"},
            {"type":"input_image","image_url":"%s","detail":"low"}]},
          {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"hm"}]},
          {"type":"message","id":"msg_1","role":"assistant","status":"completed",
            "content":[{"type":"output_text","text":"so","annotations":[]}]},
          {"type":"function_call","id":"fc_1","call_id":"a","name":"f","arguments":"{}"},
          {"type":"function_call","call_id":"b","name":"f","arguments":"{\\"x\\":1}"},
          {"type":"function_call_output","call_id":"b","output":"2"},
          {"type":"function_call_output","call_id":"a",
            "output":[{"type":"input_text","text":"1"}]}]}
        """
                .formatted(PIXEL))
            .request()
            .body()
            .path("messages");

    assertThat(messages)
        .isEqualTo(
            json(
                """
                [{'role':'user','content':[{'type':'text','text':'hi'},
                   {'type':'image_url','image_url':{'url':'%s','detail':'low'}}]},
                 {'role':'assistant','reasoning_content':'hm','content':'so','tool_calls':[
                   {'id':'a','type':'function','function':{'name':'f','arguments':'{}'}},
                   {'id':'b','type':'function','function':{'name':'f','arguments':'{\\"x\\":1}'}}]},
                 {'role':'tool','tool_call_id':'b','content':'2'},
                 {'role':'tool','tool_call_id':'a','content':'1'}]
                """
                    .replace("\\\"", "\\\\'")
                    .formatted(PIXEL)
                    .replace("\\\\'", "\\\"")));
  }

  @Test
  void what_is_remembered_comes_before_and_is_not_counted_as_this_turn() {
    ResponsesReader.Chat chat =
        chat(
            "{\"model\":\"m\",\"input\":\"and?\",\"instructions\":\"i\"}",
            json("{'type':'message','id':'msg_1','role':'user','content':'one'}"),
            json("{'type':'message','id':'msg_2','role':'assistant','content':'two'}"));

    assertThat(chat.own()).isEqualTo(1);
    assertThat(
            chat.request()
                .body()
                .path("messages")
                .valueStream()
                .map(m -> m.path("content").asText()))
        .containsExactly("i", "one", "two", "and?");
  }

  @Test
  void items_that_were_written_are_read_back_as_the_same_messages() {
    JsonNode messages =
        json(
            """
            [{'role':'developer','content':'d'},
             {'role':'user','content':[{'type':'text','text':'hi'},
               {'type':'image_url','image_url':{'url':'data:image/png;base64,iVBORw0KGgo=','detail':'auto'}}]},
             {'role':'assistant','content':'so','tool_calls':[
               {'id':'a','type':'function','function':{'name':'f','arguments':'{}'}}]},
             {'role':'tool','tool_call_id':'a','content':'1'}]
            """);
    List<JsonNode> items = ItemWriter.items(messages, "t");
    List<JsonNode> own = new ArrayList<>(items);

    Parsed<ResponsesReader.Chat> again =
        reader.chat(
            new ResponsesRequest(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                JSON.createObjectNode(),
                Optional.empty(),
                own,
                JSON.createObjectNode().put("model", "m")),
            List.of());

    JsonNode read = ((Parsed.Ok<ResponsesReader.Chat>) again).value().request().body();
    assertThat(
            read.path("messages")
                .toString()
                .replace("[{\"type\":\"text\",\"text\":\"d\"}]", "\"d\""))
        .isEqualTo(messages.toString());
    assertThat(items.stream().map(item -> item.path("id").asText())).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'input':'x'|model|missing_required_parameter",
        "'model':'m'|input|missing_required_parameter",
        "'model':'m','input':[]|input|invalid_value",
        "'model':'m','input':1|input|invalid_type",
        "'model':'m','input':'x','background':true|background|unsupported_parameter",
        "'model':'m','input':'x','include':['reasoning.encrypted_content']|include|unsupported_parameter",
        "'model':'m','input':'x','prompt':{'id':'p'}|prompt|unsupported_parameter",
        "'model':'m','input':'x','max_tool_calls':1|max_tool_calls|unsupported_parameter",
        "'model':'m','input':'x','context_management':[{'type':'c'}]|context_management|unsupported_parameter",
        "'model':'m','input':'x','tools':[{'type':'web_search'}]|tools[0].type|unsupported_parameter",
        "'model':'m','input':'x','tools':[{'type':'file_search','vector_store_ids':['v']}]|tools[0].type|unsupported_parameter",
        "'model':'m','input':'x','tools':[{'type':'function','name':'a"
            + " b'}]|tools[0].name|invalid_value",
        "'model':'m','input':'x','tools':[{'type':'function','name':'f','defer_loading':true}]|tools[0].defer_loading|unknown_parameter",
        "'model':'m','input':'x','tool_choice':{'type':'web_search'}|tool_choice.type|unsupported_parameter",
        "'model':'m','input':'x','tool_choice':'required'|tool_choice|invalid_value",
        "'model':'m','input':'x','text':{'format':{'type':'json_schema','name':'s'}}|text.format.schema|missing_required_parameter",
        "'model':'m','input':'x','text':{'verbosity':'low'}|text.verbosity|unsupported_parameter",
        "'model':'m','input':'x','reasoning':{'effort':'high'}|reasoning.effort|unsupported_parameter",
        "'model':'m','input':'x','reasoning':{'summary':'auto'}|reasoning.summary|unsupported_parameter",
        "'model':'m','input':'x','max_output_tokens':0|max_output_tokens|invalid_value",
        "'model':'m','input':'x','truncation':'some'|truncation|invalid_value",
        "'model':'m','input':'x','metadata':{'a':1}|metadata|invalid_value",
        "'model':'m','input':'x','previous_response_id':'r','conversation':'c'|conversation|invalid_value",
        "'model':'m','input':'x','conversation':'c','store':false|store|invalid_value",
        "'model':'m','input':'x','messages':[]|messages|unknown_parameter",
        "'model':'m','input':'x','service_tier':'flex'|service_tier|unsupported_parameter",
        "'model':'m','input':[{'type':'item_reference','id':'i'}]|input[0].type|unsupported_parameter",
        "'model':'m','input':[{'role':'user','content':'x'},{'role':'tool','content':'x'}]|input[1].role|invalid_value",
        "'model':'m','input':[{'role':'user','content':'x','phase':'p'}]|input[0].phase|unknown_parameter",
        "'model':'m','input':[{'role':'user','content':[]}]|input[0].content|invalid_value",
        "'model':'m','input':[{'role':'user','content':[{'type':'input_file','file_id':'f'}]}]|input[0].content[0].type|unsupported_parameter",
        "'model':'m','input':[{'role':'user','content':[{'type':'input_image','image_url':'https://x/y.png'}]}]|input[0].content[0].image_url|unsupported_parameter",
        "'model':'m','input':[{'role':'user','content':[{'type':'input_image','file_id':'f'}]}]|input[0].content[0].file_id|unsupported_parameter",
        "'model':'m','input':[{'role':'user','content':'x'},{'type':'function_call','call_id':'a','name':'f','arguments':'x'}]|input[1].arguments|invalid_value",
        "'model':'m','input':[{'role':'user','content':'x'},{'type':'function_call','call_id':'a"
            + " b','name':'f','arguments':'{}'}]|input[1].call_id|invalid_value",
        "'model':'m','input':[{'role':'user','content':'x'},{'type':'function_call','call_id':'a','name':'f','arguments':'{}'}]|input|invalid_value",
        "'model':'m','input':[{'type':'function_call_output','call_id':'a','output':'x'}]|input[0].call_id|invalid_value",
        "'model':'m','input':[{'role':'system','content':'x'}]|input|invalid_value"
      })
  void a_refusal_names_the_field_as_the_client_wrote_it(String body, String param, String code) {
    ApiError error = refusal("{" + body.replace('\'', '"') + "}");

    assertThat(error.param()).contains(param);
    assertThat(error.code()).isEqualTo(code);
    assertThat(error.message()).doesNotContain("messages[").doesNotContain("max_tokens");
  }
}
