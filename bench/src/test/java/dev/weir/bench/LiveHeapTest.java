package dev.weir.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;

class LiveHeapTest {

  private static LiveHeap read(String text) throws IOException {
    return LiveHeap.read(new BufferedReader(new StringReader(text)));
  }

  @Test
  void a_histogram_is_read_without_the_gaps_between_objects() throws IOException {
    LiveHeap heap =
        read(
            """
            4711:
             num     #instances         #bytes  class name (module)
            -------------------------------------------------------
               1:         45678        3456789  [B (java.base@25.0.3)
               2:           256          16384  dev.weir.audit.Writer
               3:             7           9000  [Ljdk.internal.vm.FillerElement; (java.base@25.0.3)
            Total         45941        3482173
            """);

    assertThat(heap.bytes()).isEqualTo(3_473_173);
    assertThat(heap.of("audit.Writer")).isEqualTo(256);
    assertThat(heap.of("audit.Segment")).isZero();
  }

  @Test
  void a_refusal_is_no_histogram() {
    assertThatThrownBy(() -> read("4711:\nUnable to open socket file\n"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Unable to open socket file");
  }
}
