package dev.weir.local.bedrock.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class StopScannerTest {

  @Test
  void a_stop_sequence_is_found_however_the_text_is_cut() {
    String text = "one two STOP three";
    for (int first = 0; first <= text.length(); first++) {
      for (int second = first; second <= text.length(); second++) {
        StopScanner scanner = new StopScanner(List.of("never", "STOP"));
        String passed =
            scanner.accept(text.substring(0, first))
                + (scanner.hasStopped() ? "" : scanner.accept(text.substring(first, second)))
                + (scanner.hasStopped() ? "" : scanner.accept(text.substring(second)));

        assertThat(passed).isEqualTo("one two ");
        assertThat(scanner.hasStopped()).isTrue();
      }
    }
  }

  @Test
  void what_only_begins_like_a_stop_sequence_is_not_lost() {
    StopScanner scanner = new StopScanner(List.of("STOP"));

    assertThat(scanner.accept("a ST")).isEqualTo("a ");
    assertThat(scanner.accept("AND ")).isEqualTo("STAND ");
    assertThat(scanner.accept("STO")).isEmpty();
    assertThat(scanner.rest()).isEqualTo("STO");
    assertThat(scanner.hasStopped()).isFalse();
  }

  @Test
  void the_earliest_of_two_stop_sequences_ends_the_text() {
    StopScanner scanner = new StopScanner(List.of("late", "early"));

    assertThat(scanner.accept("so early, not late")).isEqualTo("so ");
  }
}
