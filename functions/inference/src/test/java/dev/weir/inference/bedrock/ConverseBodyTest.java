package dev.weir.inference.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.api.ChatRequest;
import dev.weir.inference.upstream.Answer;
import dev.weir.model.ModelCall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConverseBodyTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String USER = "{'role':'user','content':'q'}";
  private static final String CALL =
      "{'role':'assistant','content':'let me see','tool_calls':[{'id':'c1','type':'function',"
          + "'function':{'name':'f','arguments':'{\\'a\\': 1.0}'}},{'id':'c2','type':'function',"
          + "'function':{'name':'g','arguments':''}}]},"
          + "{'role':'tool','tool_call_id':'c1','content':'one'},"
          + "{'role':'tool','tool_call_id':'c2','content':''}";
  private static final String TOOLS =
      "'tools':[{'type':'function','function':{'name':'f','description':'does f',"
          + "'parameters':{'type':'object','properties':{'a':{'type':'number'}}}}},"
          + "{'type':'function','function':{'name':'g'}}]";
  private static final String F =
      "{'toolSpec':{'name':'f','description':'does f','inputSchema':{'json':{'type':'object',"
          + "'properties':{'a':{'type':'number'}}}}}}";
  private static final String G =
      "{'toolSpec':{'name':'g','inputSchema':{'json':{'type':'object','properties':{}}}}}";

  @Test
  void a_plain_question_is_one_user_turn_with_its_cap() throws IOException {
    assertThat(body(USER, "'n':1"))
        .isEqualTo(
            json(
                "{'messages':[{'role':'user','content':[{'text':'q'}]}],"
                    + "'inferenceConfig':{'maxTokens':100}}"));
  }

  @Test
  void options_are_mapped_and_temperature_ends_at_one() throws IOException {
    assertThat(body(USER, "'temperature':1.7,'top_p':0.5,'stop':['a','b']").get("inferenceConfig"))
        .isEqualTo(
            json("{'maxTokens':100,'temperature':1.0,'topP':0.5,'stopSequences':['a','b']}"));
  }

  @Test
  void a_top_p_of_one_is_not_sent() throws IOException {
    assertThat(body(USER, "'temperature':0.2,'top_p':1").get("inferenceConfig"))
        .isEqualTo(json("{'maxTokens':100,'temperature':0.2}"));
  }

  @Test
  void system_messages_are_gathered_and_blank_ones_dropped() throws IOException {
    JsonNode body =
        body(
            "{'role':'system','content':'a'},"
                + USER
                + ",{'role':'system','content':' '},{'role':'developer','content':'b'}",
            "'n':1");

    assertThat(body.get("system")).isEqualTo(json("[{'text':'a'},{'text':'b'}]"));
    assertThat(body.get("messages")).hasSize(1);
  }

  @Test
  void turns_alternate_and_begin_with_the_user() throws IOException {
    assertThat(
            body(
                    "{'role':'assistant','content':'hello'},{'role':'assistant','content':''},"
                        + USER
                        + ",{'role':'user','content':'r'},{'role':'assistant','content':null,"
                        + "'refusal':'no'},"
                        + USER,
                    "'n':1")
                .get("messages"))
        .isEqualTo(
            json(
                "[{'role':'user','content':[{'text':'(start of the conversation)'}]},"
                    + "{'role':'assistant','content':[{'text':'hello'}]},"
                    + "{'role':'user','content':[{'text':'q'},{'text':'r'}]},"
                    + "{'role':'assistant','content':[{'text':'no'}]},"
                    + "{'role':'user','content':[{'text':'q'}]}]"));
  }

  @Test
  void no_text_block_is_blank() throws IOException {
    assertThat(
            body(
                    "{'role':'user','content':' '},{'role':'assistant','content':' '},"
                        + "{'role':'user','content':[{'type':'text','text':''},"
                        + "{'type':'image_url','image_url':{'url':'data:image/gif;base64,QUJD'}}]}",
                    "'n':1")
                .get("messages"))
        .isEqualTo(
            json(
                "[{'role':'user','content':[{'text':'(empty)'},"
                    + "{'image':{'format':'gif','source':{'bytes':'QUJD'}}}]}]"));
  }

  @Test
  void tool_results_join_the_next_user_turn() throws IOException {
    assertThat(body(USER + "," + CALL + "," + USER, TOOLS).get("messages"))
        .isEqualTo(
            json(
                "[{'role':'user','content':[{'text':'q'}]},"
                    + "{'role':'assistant','content':[{'text':'let me see'},"
                    + "{'toolUse':{'toolUseId':'c1','name':'f','input':{'a':1.0}}},"
                    + "{'toolUse':{'toolUseId':'c2','name':'g','input':{}}}]},"
                    + "{'role':'user','content':["
                    + "{'toolResult':{'toolUseId':'c1','content':[{'text':'one'}]}},"
                    + "{'toolResult':{'toolUseId':'c2','content':[{'text':'(empty)'}]}},"
                    + "{'text':'q'}]}]"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'n':1 | `` | ALL",
        "'tool_choice':'auto' | ,'toolChoice':{'auto':{}} | ALL",
        "'tool_choice':'required' | ,'toolChoice':{'any':{}} | ALL",
        "'tool_choice':{'type':'function','function':{'name':'g'}}"
            + " | ,'toolChoice':{'tool':{'name':'g'}} | ALL",
        "'parallel_tool_calls':false | `` | FIRST",
      })
  void tool_choices_are_mapped(String option, String choice, Answer.Calls calls)
      throws IOException {
    ModelCall call = call(USER, TOOLS + "," + option);

    assertThat(body(call).get("toolConfig"))
        .isEqualTo(json("{'tools':[" + F + "," + G + "]" + choice + "}"));
    assertThat(ConversePlan.of(call).calls()).isEqualTo(calls);
  }

  @Test
  void the_choice_none_offers_no_tools() throws IOException {
    assertThat(body(USER, TOOLS + ",'tool_choice':'none'").has("toolConfig")).isFalse();
  }

  @Test
  void the_choice_none_after_tool_calls_offers_tools_but_delivers_no_call() throws IOException {
    ModelCall call = call(USER + "," + CALL, TOOLS + ",'tool_choice':'none'");

    assertThat(body(call).get("toolConfig")).isEqualTo(json("{'tools':[" + F + "," + G + "]}"));
    assertThat(ConversePlan.of(call).calls()).isEqualTo(Answer.Calls.NONE);
  }

  @Test
  void tool_calls_without_tools_are_backed_by_tools_of_their_names() throws IOException {
    ModelCall call = call(USER + "," + CALL, "'n':1");

    assertThat(body(call).get("toolConfig"))
        .isEqualTo(
            json(
                "{'tools':["
                    + "{'toolSpec':{'name':'f','inputSchema':{'json':{'type':'object'}}}},"
                    + "{'toolSpec':{'name':'g','inputSchema':{'json':{'type':'object'}}}}]}"));
    assertThat(ConversePlan.of(call).calls()).isEqualTo(Answer.Calls.NONE);
  }

  @Test
  void a_schema_becomes_a_forced_tool() throws IOException {
    ModelCall call = call(USER, schema("'type':'object','required':['x']"));

    assertThat(body(call).get("toolConfig"))
        .isEqualTo(
            json(
                "{'tools':[{'toolSpec':{'name':'json_answer',"
                    + "'description':'Gives the whole answer, as JSON.','inputSchema':"
                    + "{'json':{'type':'object','required':['x']}}}}],"
                    + "'toolChoice':{'tool':{'name':'json_answer'}}}"));
    assertThat(body(call).has("system")).isFalse();
    assertThat(ConversePlan.of(call).calls()).isEqualTo(Answer.Calls.AS_TEXT);
  }

  @Test
  void a_schema_next_to_tools_becomes_an_instruction() throws IOException {
    JsonNode body = body(USER, TOOLS + "," + schema("'type':'object'"));

    assertThat(body.get("toolConfig").has("toolChoice")).isFalse();
    assertThat(body.get("system").get(0).get("text").asText())
        .contains("JSON Schema")
        .endsWith("{\"type\":\"object\"}");
  }

  @Test
  void a_schema_of_something_else_than_an_object_becomes_an_instruction() throws IOException {
    JsonNode body = body(USER, schema("'type':'array'"));

    assertThat(body.has("toolConfig")).isFalse();
    assertThat(body.get("system").get(0).get("text").asText()).contains("array");
  }

  @Test
  void a_model_that_cannot_call_tools_is_asked_for_json_in_words() throws IOException {
    ChatRequest request = call(USER, "'response_format':{'type':'json_object'}").request();
    JsonNode body = body(new ModelCall("m", request, 100, true, false));

    assertThat(body.has("toolConfig")).isFalse();
    assertThat(body.get("system").get(0).get("text").asText()).contains("JSON");
  }

  private static final String MARK = "'cache_control':{'type':'ephemeral'}";
  private static final String HOUR = "'cache_control':{'type':'ephemeral','ttl':'1h'}";

  @Test
  void marks_become_cache_points_after_what_they_mark() throws IOException {
    JsonNode body =
        body(
            "{'role':'system','content':[{'type':'text','text':'a',"
                + HOUR
                + "},{'type':'text','text':'b'}]},"
                + "{'role':'user','content':[{'type':'text','text':'c',"
                + MARK
                + "},{'type':'text','text':'d'}]}",
            "'tools':[{'type':'function'," + HOUR + ",'function':{'name':'g'}}]");

    String hour = "{'cachePoint':{'type':'default','ttl':'1h'}}";
    assertThat(body.get("toolConfig")).isEqualTo(json("{'tools':[" + G + "," + hour + "]}"));
    assertThat(body.get("system")).isEqualTo(json("[{'text':'a'}," + hour + ",{'text':'b'}]"));
    assertThat(body.get("messages"))
        .isEqualTo(
            json(
                "[{'role':'user','content':[{'text':'c'},{'cachePoint':{'type':'default'}},"
                    + "{'text':'d'}]}]"));
  }

  @Test
  void a_mark_on_a_tool_result_stands_within_the_users_turn() throws IOException {
    String marked = CALL.replace("'content':'one'", "'content':'one'," + MARK);

    assertThat(body(USER + "," + marked, TOOLS).get("messages").get(2).get("content"))
        .isEqualTo(
            json(
                "[{'toolResult':{'toolUseId':'c1','content':[{'text':'one'}]}},"
                    + "{'cachePoint':{'type':'default'}},"
                    + "{'toolResult':{'toolUseId':'c2','content':[{'text':'(empty)'}]}}]"));
  }

  @Test
  void a_mark_on_nothing_is_no_cache_point() throws IOException {
    JsonNode body =
        body(
            "{'role':'system','content':' ',"
                + MARK
                + "},{'role':'user','content':[{'type':'text','text':' ',"
                + MARK
                + "},{'type':'text','text':'q',"
                + MARK
                + "}],"
                + MARK
                + "}",
            "'n':1");

    assertThat(body.has("system")).isFalse();
    assertThat(body.get("messages").get(0).get("content"))
        .isEqualTo(json("[{'text':'q'},{'cachePoint':{'type':'default'}}]"));
  }

  @Test
  void the_same_prefix_is_the_same_bytes() throws IOException {
    String shorter = text(call(USER + "," + CALL, TOOLS));
    String longer = text(call(USER + "," + CALL + "," + USER, TOOLS));

    int common = shorter.indexOf("]}],\"inferenceConfig\"");
    assertThat(common).isPositive();
    assertThat(longer).startsWith(shorter.substring(0, common));
  }

  private static JsonNode body(String messages, String options) throws IOException {
    return body(call(messages, options));
  }

  private static JsonNode body(ModelCall call) throws IOException {
    return MAPPER.readTree(ConverseBody.bytes(call, ConversePlan.of(call)));
  }

  private static String text(ModelCall call) {
    return new String(ConverseBody.bytes(call, ConversePlan.of(call)), StandardCharsets.UTF_8);
  }

  private static ModelCall call(String messages, String options) {
    return Calls.of("{'model':'m','messages':[" + messages + "]," + options + "}", true);
  }

  private static String schema(String schema) {
    return "'response_format':{'type':'json_schema','json_schema':{'name':'s','schema':{"
        + schema
        + "}}}";
  }

  private static JsonNode json(String text) throws IOException {
    return MAPPER.readTree(Fixture.json(text));
  }
}
