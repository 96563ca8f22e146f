package dev.weir.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.api.ChatRequest.AssistantMessage;
import dev.weir.api.ChatRequest.CachePoint;
import dev.weir.api.ChatRequest.CachePoint.Ttl;
import dev.weir.api.ChatRequest.ImagePart;
import dev.weir.api.ChatRequest.SystemMessage;
import dev.weir.api.ChatRequest.TextPart;
import dev.weir.api.ChatRequest.ToolMessage;
import dev.weir.api.ChatRequest.UserMessage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheControlTest {

  private static final String MARK = "'cache_control':{'type':'ephemeral'}";
  private static final String HOUR = "'cache_control':{'type':'ephemeral','ttl':'1h'}";
  private static final String USER = "{'role':'user','content':'q'}";
  private static final CachePoint POINT = new CachePoint(Ttl.FIVE_MINUTES);
  private static final CachePoint LONG = new CachePoint(Ttl.ONE_HOUR);

  @Test
  void a_marked_part_is_followed_by_a_point() {
    ChatRequest request =
        Bodies.read(
            Bodies.messages(
                "{'role':'system','content':[{'type':'text','text':'a',"
                    + HOUR
                    + "},{'type':'text','text':'b'}]},{'role':'user','content':["
                    + "{'type':'text','text':'c',"
                    + MARK
                    + "},{'type':'image_url','image_url':{'url':'data:image/png;base64,QUJD'},"
                    + MARK
                    + "}]}"));

    assertThat(request.messages())
        .containsExactly(
            new SystemMessage("a"),
            LONG,
            new SystemMessage("b"),
            new UserMessage(
                List.of(new TextPart("c"), POINT, new ImagePart("png", "QUJD"), POINT)));
    assertThat(request.cachePoints()).containsExactly(LONG, POINT, POINT);
  }

  @Test
  void a_mark_on_a_message_stands_after_it_and_so_does_one_within_a_joined_text() {
    ChatRequest request =
        Bodies.read(
            Bodies.messages(
                "{'role':'user','content':'q',"
                    + MARK
                    + "},"
                    + Bodies.CALL.replace("'role'", MARK + ",'role'")
                    + ",{'role':'tool','tool_call_id':'c1','content':[{'type':'text','text':'x',"
                    + MARK
                    + "},{'type':'text','text':'y'}]}"));

    assertThat(request.messages())
        .satisfiesExactly(
            user -> assertThat(user).isEqualTo(new UserMessage(List.of(new TextPart("q"), POINT))),
            assistant -> assertThat(assistant).isInstanceOf(AssistantMessage.class),
            point -> assertThat(point).isEqualTo(POINT),
            tool -> assertThat(tool).isEqualTo(new ToolMessage("c1", "x\ny")),
            point -> assertThat(point).isEqualTo(POINT));
    assertThat(request.instructions()).isEmpty();
    assertThat(request.conversation()).isEqualTo(request.messages());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{'type':'function',MARK,'function':{'name':'f'}}",
        "{'type':'function','function':{'name':'f',MARK}}"
      })
  void a_tool_is_marked_itself_or_in_its_function(String tool) {
    ChatRequest request = Bodies.read(Bodies.with("'tools':[" + tool.replace("MARK", MARK) + "]"));

    assertThat(request.tools().getFirst().cachePoint()).hasValue(POINT);
  }

  @Test
  void points_are_told_in_the_order_a_model_reads_them() {
    ChatRequest request =
        Bodies.read(
            "{'model':'m','messages':[{'role':'user','content':'q',"
                + MARK
                + "},{'role':'system','content':'s',"
                + HOUR
                + "}],'tools':[{'type':'function',"
                + HOUR
                + ",'function':{'name':'f'}}]}");

    assertThat(request.cachePoints()).containsExactly(LONG, LONG, POINT);
    assertThat(request.instructions()).containsExactly(new SystemMessage("s"), LONG);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{'type':'persistent'}|messages[0].cache_control.type",
        "{'type':'ephemeral','ttl':'2h'}|messages[0].cache_control.ttl",
        "{'type':'ephemeral','scope':'x'}|messages[0].cache_control.scope",
        "{}|messages[0].cache_control.type",
        "true|messages[0].cache_control"
      })
  void what_no_mark_is_is_refused_by_name(String mark, String param) {
    ApiError error =
        Bodies.refusal(
            Bodies.messages("{'role':'user','content':'q','cache_control':" + mark + "}"));

    assertThat(error.param()).hasValue(param);
    assertThat(error.status()).isEqualTo(400);
  }

  @Test
  void an_explicit_null_is_no_mark() {
    assertThat(
            Bodies.read(Bodies.messages("{'role':'user','content':'q','cache_control':null}"))
                .cachePoints())
        .isEmpty();
  }

  @Test
  void an_hour_after_five_minutes_is_refused() {
    String system = "{'role':'system','content':'s'," + MARK + "},";
    ApiError error =
        Bodies.refusal(Bodies.messages(system + "{'role':'user','content':'q'," + HOUR + "}"));

    assertThat(error.code()).isEqualTo("invalid_value");
    assertThat(error.message()).contains("in the order tools, system, messages");
    Bodies.read(
        Bodies.messages(
            "{'role':'user','content':'q',"
                + MARK
                + "},{'role':'system','content':'s',"
                + HOUR
                + "},"
                + USER));
  }
}
