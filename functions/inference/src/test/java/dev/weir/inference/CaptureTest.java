package dev.weir.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CaptureTest {

  private static final String CHAT =
      "{\"model\":\"m\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":"
          + "\"I am ann@example.com, my key is AK"
          + "IAQWERTYUIOP234567\"}]}";

  private final TestStack stack = new TestStack();

  private void wanted() {
    stack.limiter.capture = Optional.of(Instant.now().plus(Duration.ofDays(1)));
  }

  @Test
  void nothing_is_kept_of_a_tenant_that_has_not_asked_for_it() {
    stack.client("acme").post(CHAT);

    assertThat(stack.captured).isEmpty();
  }

  @Test
  void nothing_is_kept_once_its_time_is_over() {
    stack.limiter.capture = Optional.of(Instant.now().minusSeconds(1));
    stack.client("acme").post(CHAT);

    assertThat(stack.captured).isEmpty();
  }

  @Test
  void request_and_answer_are_kept_without_secrets_and_personal_data() {
    wanted();
    Client.Reply reply = stack.client("acme").post(CHAT);

    assertThat(stack.captured).hasSize(1);
    stack.captured.forEach((key, payload) -> {
      assertThat(key)
          .startsWith("payloads/acme/")
          .endsWith("/" + reply.header("x-request-id") + ".json");
      assertThat(payload)
          .contains("\"outcome\":\"complete\"", "\"request\":{", "\"answer\":{", "[SECRET]")
          .doesNotContain("AKIA", "ann@example.com");
      assertThat(stack.logged()).contains("\"capture\":\"" + key);
    });
  }

  @Test
  void a_bucket_that_does_not_take_it_costs_a_line_and_not_the_call() {
    wanted();
    stack.captureBroken = true;

    assertThat(stack.client("acme").post(CHAT).status).isEqualTo(200);
    assertThat(stack.ledger.only().outcome()).isEqualTo("complete");
    assertThat(stack.logged()).contains("\"weir.capture.failures\":1");
  }

  @Test
  void an_answer_from_the_cache_is_kept_too() {
    wanted();
    String equal = CHAT.replace("\"max_tokens\":50", "\"max_tokens\":50,\"temperature\":0");
    stack.client("acme").post(equal);
    stack.client("acme").post(equal);

    assertThat(stack.captured).hasSize(2);
  }
}
