package dev.weir.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.admission.Decision;
import dev.weir.admission.Dimension;
import dev.weir.admission.Headroom;
import dev.weir.model.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemTest {

  private static Problem refusal(Dimension dimension, Optional<Duration> wait) {
    return Problem.of(new Decision.Rejected(dimension, wait, Headroom.UNKNOWN), "m");
  }

  @ParameterizedTest
  @CsvSource({
    "REQUESTS,429,rate_limit_exceeded,true",
    "TOKENS,429,rate_limit_exceeded,true",
    "CONCURRENCY,429,rate_limit_exceeded,true",
    "DAY_BUDGET,429,insufficient_quota,false",
    "MONTH_BUDGET,429,insufficient_quota,false",
    "LIFETIME_BUDGET,429,insufficient_quota,false",
    "TENANT_STATUS,403,tenant_suspended,false",
    "KEY,401,invalid_api_key,false",
    "MODEL,403,model_not_allowed,false",
    "TOO_LARGE,400,tokens_exceed_limit,false",
    "UNAVAILABLE,503,limiter_unavailable,true"
  })
  void every_refusal_has_its_status_code_and_retry_advice(
      Dimension dimension, int status, String code, String retry) {
    Problem problem = refusal(dimension, Optional.empty());

    assertThat(problem.error().status()).isEqualTo(status);
    assertThat(problem.error().code()).isEqualTo(code);
    assertThat(problem.headers()).containsEntry("x-should-retry", retry);
  }

  @Test
  void a_wait_is_rounded_up_to_whole_seconds_so_that_it_suffices() {
    assertThat(refusal(Dimension.REQUESTS, Optional.of(Duration.ofMillis(1001))).headers())
        .containsEntry("retry-after", "2")
        .containsEntry("retry-after-ms", "1001")
        .containsEntry("x-weir-limit", "requests");
  }

  @ParameterizedTest
  @CsvSource({
    "THROTTLED,429",
    "QUOTA_EXCEEDED,429",
    "NOT_READY,503",
    "UNAVAILABLE,503",
    "INTERNAL,502",
    "MODEL_TIMEOUT,504",
    "MODEL_ERROR,502",
    "INVALID,400",
    "ACCESS_DENIED,502",
    "NOT_FOUND,502",
    "REFUSED,502",
    "CONNECTION,503",
    "STALLED,504",
    "DEADLINE,504",
    "CUT,502",
    "EMPTY,502",
    "CANCELLED,502"
  })
  void every_fault_has_its_status(Fault.Kind kind, int status) {
    assertThat(Problem.of(Fault.of(kind, "SomeException")).error().status()).isEqualTo(status);
  }

  @Test
  void the_upstreams_wait_is_passed_on() {
    Problem problem =
        Problem.of(
            new Fault(
                Fault.Kind.THROTTLED, "ThrottlingException", Optional.of(Duration.ofSeconds(7))));

    assertThat(problem.headers()).containsEntry("retry-after", "7");
  }

  @ParameterizedTest
  @EnumSource(Fault.Kind.class)
  void every_429_and_503_says_when_to_come_back(Fault.Kind kind) {
    Problem problem = Problem.of(Fault.of(kind, "SomeException"));

    assertThat(problem.headers().containsKey("retry-after"))
        .isEqualTo(problem.error().status() == 429 || problem.error().status() == 503);
  }

  @Test
  void every_code_is_documented() throws IOException {
    String page = Files.readString(Path.of("../../docs/errors.md"));

    for (Fault.Kind kind : Fault.Kind.values()) {
      assertThat(page).contains("`" + Problem.of(Fault.of(kind, "x")).error().code() + "`");
    }
    for (Dimension dimension : Dimension.values()) {
      assertThat(page).contains("`" + refusal(dimension, Optional.empty()).error().code() + "`");
    }
  }

  @Test
  void a_long_made_up_model_name_is_cut_in_the_message() {
    assertThat(Problem.unknownModel("x".repeat(10_000)).error().message()).hasSizeLessThan(300);
  }
}
