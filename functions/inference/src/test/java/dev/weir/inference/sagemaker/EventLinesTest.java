package dev.weir.inference.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventLinesTest {

  private static final String BODY =
      "\uFEFFdata: {\"a\":\"Grüß dich 😀\"}\n\n"
          + ": a comment\n\nevent: message\ndata:two\ndata: lines 汉字\nid: 1\n\n"
          + "data: \n\nretry: 5\n\n{\"a\":\"a line of JSON é\"}\n{\"b\":2}\n\ndata: [DONE]";
  private static final List<String> EVENTS =
      List.of(
          "{\"a\":\"Grüß dich 😀\"}",
          "two\nlines 汉字",
          "",
          "{\"a\":\"a line of JSON é\"}",
          "{\"b\":2}",
          "[DONE]");

  private static List<String> read(byte[] body, int... cuts) throws IOException {
    EventLines lines = new EventLines();
    List<String> events = new ArrayList<>();
    int from = 0;
    for (int cut : cuts) {
      events.addAll(lines.take(Arrays.copyOfRange(body, from, cut)));
      from = cut;
    }
    events.addAll(lines.take(Arrays.copyOfRange(body, from, body.length)));
    events.addAll(lines.end());
    return events;
  }

  /** C44: no cut, between lines or within a character, changes anything. */
  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void however_a_body_is_cut_its_events_are_the_same(String lineEnd) throws IOException {
    byte[] body = Wire.utf8(BODY.replace("\n", lineEnd));

    assertThat(read(body)).isEqualTo(EVENTS);
    for (int first = 0; first <= body.length; first++) {
      for (int second = first; second <= body.length; second++) {
        assertThat(read(body, first, second)).as("%d, %d", first, second).isEqualTo(EVENTS);
      }
    }
    int[] everywhere = new int[body.length];
    Arrays.setAll(everywhere, place -> place);
    assertThat(read(body, everywhere)).isEqualTo(EVENTS);
    Random random = new Random(44);
    for (int i = 0; i < 1_000; i++) {
      int[] cuts = random.ints(random.nextInt(40), 0, body.length).sorted().toArray();
      assertThat(read(body, cuts)).as(Arrays.toString(cuts)).isEqualTo(EVENTS);
    }
  }

  @Test
  void an_event_is_given_as_soon_as_it_is_complete() throws IOException {
    EventLines lines = new EventLines();

    assertThat(lines.take(Wire.utf8("data: 1\n"))).isEmpty();
    assertThat(lines.take(Wire.utf8("\ndata: 2"))).containsExactly("1");
    assertThat(lines.end()).containsExactly("2");
  }

  @Test
  void a_line_without_end_is_not_collected_for_ever() {
    EventLines lines = new EventLines();
    byte[] piece = new byte[1024 * 1024];
    Arrays.fill(piece, (byte) 'x');

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 5; i++) {
                lines.take(piece);
              }
            })
        .isInstanceOf(IOException.class);
  }
}
