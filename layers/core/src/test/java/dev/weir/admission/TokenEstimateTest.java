package dev.weir.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.weir.api.ChatRequest;
import dev.weir.tenant.EstimateMode;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TokenEstimateTest {

  private final TokenEstimate estimate = new TokenEstimate();

  private static ChatRequest asking(ChatRequest.Part... parts) {
    return new ChatRequest(
        "m",
        List.of(new ChatRequest.UserMessage(List.of(parts))),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        List.of(),
        Optional.empty(),
        false,
        false,
        JsonNodeFactory.instance.objectNode());
  }

  @Test
  void bytes_count_every_byte() {
    assertThat(estimate.text("añ€", EstimateMode.BYTES)).isEqualTo(6);
  }

  @Test
  void long_text_is_bounded_by_its_tokens_and_a_quarter() {
    String text = "The quick brown fox jumps over the lazy dog. ".repeat(40);

    long tokens = estimate.text(text, EstimateMode.TOKENS);

    assertThat(tokens).isBetween(400L * 5 / 4, (long) text.length() / 2);
  }

  @Test
  void digits_and_base64_cannot_slip_under_a_limit_of_a_quarter_per_character() {
    String digits = "8675309144".repeat(100);

    assertThat(estimate.text(digits, EstimateMode.TOKENS)).isGreaterThan(digits.length() / 3);
  }

  @Test
  void an_image_counts() {
    long with =
        estimate.prompt(asking(new ChatRequest.ImagePart("png", "AAAA")), EstimateMode.TOKENS);
    long without = estimate.prompt(asking(new ChatRequest.TextPart("")), EstimateMode.TOKENS);

    assertThat(with - without).isEqualTo(4_800);
  }

  @Test
  void one_unbroken_word_of_a_megabyte_takes_linear_time() {
    estimate.text("warm up ".repeat(100), EstimateMode.TOKENS);
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();

    estimate.text("a".repeat(1_000_000), EstimateMode.TOKENS);

    long seconds =
        (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1_000_000_000L;
    assertThat(seconds).isLessThan(10);
  }
}
