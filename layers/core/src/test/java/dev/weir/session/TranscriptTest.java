package dev.weir.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TranscriptTest {

  private static Turn turn(String... items) throws JsonProcessingException {
    List<JsonNode> read = new ArrayList<>();
    for (String item : items) {
      read.add(new ObjectMapper().readTree(item.replace('\'', '"')));
    }
    return Turn.of("t", read, String::length);
  }

  @Test
  void each_item_is_a_line_and_what_the_system_said_is_not_told_again() throws Exception {
    String transcript =
        Transcript.of(
            List.of(
                turn(
                    "{'role':'developer','content':'be brief'}",
                    "{'role':'user','content':[{'type':'input_text','text':'What is this?'},"
                        + "{'type':'input_image','image_url':'data:x'}]}",
                    "{'type':'function_call','call_id':'c1','name':'look','arguments':'{}'}"),
                turn(
                    "{'type':'function_call_output','call_id':'c1','output':'a cat'}",
                    "{'type':'message','role':'assistant','content':[{'type':'output_text',"
                        + "'text':'A cat.'},{'type':'refusal','refusal':'No more.'}]}")));

    assertThat(transcript.lines())
        .containsExactly(
            "user: What is this? [image]",
            "assistant calls look {} (c1)",
            "tool (c1): a cat",
            "assistant: A cat. No more.");
  }

  @Test
  void a_summary_is_told_again_with_the_rest() throws Exception {
    assertThat(
            Transcript.of(
                List.of(
                    Turn.summary("s", "They met.", String::length),
                    turn("{'role':'user','content':'And then?'}"))))
        .contains("They met.")
        .endsWith("user: And then?");
  }
}
