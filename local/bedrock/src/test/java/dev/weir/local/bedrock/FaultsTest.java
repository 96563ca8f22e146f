package dev.weir.local.bedrock;

import static dev.weir.local.bedrock.Requests.HELLO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ModelErrorException;
import software.amazon.awssdk.services.bedrockruntime.model.ModelStreamErrorException;
import software.amazon.awssdk.services.bedrockruntime.model.ThrottlingException;

/** Each kind of fault, as the unmodified SDK clients meet it. */
final class FaultsTest extends StageTest {
  private static Heard stream() {
    return new Heard(stage.async, request -> request.modelId(Stage.SCRIPTED).messages(HELLO));
  }

  private static ConverseResponse converse() {
    return stage.sync.converse(request -> request.modelId(Stage.SCRIPTED).messages(HELLO));
  }

  @Test
  void a_fault_hits_as_often_as_it_says() throws Exception {
    stage.fault("{\"kind\":\"status\",\"status\":429,\"times\":2}");

    assertThatThrownBy(FaultsTest::converse).isInstanceOf(ThrottlingException.class);
    assertThatThrownBy(FaultsTest::converse).isInstanceOf(ThrottlingException.class);
    assertThat(converse().usage().outputTokens()).isEqualTo(4);
    assertThat(stage.control("GET", "faults", "").at("/faults/0/hits").asInt()).isEqualTo(2);
  }

  @Test
  void a_fault_hits_only_its_model_and_operation() throws Exception {
    stage.fault("{\"kind\":\"status\",\"operation\":\"ConverseStream\",\"model\":\"local.echo\"}");

    assertThat(converse().usage().outputTokens()).isEqualTo(4);
    assertThat(stream().failure()).isEmpty();
    assertThat(
            new Heard(stage.async, request -> request.modelId(Stage.ECHO).messages(HELLO))
                .failure()
                .orElseThrow())
        .isInstanceOf(ThrottlingException.class);
  }

  @Test
  void a_delay_makes_the_answer_late_and_leaves_it_whole() throws Exception {
    stage.fault("{\"kind\":\"delay\",\"delayMillis\":700}");
    long begun = System.nanoTime();

    assertThat(converse().usage().outputTokens()).isEqualTo(4);

    assertThat(System.nanoTime() - begun).isGreaterThan(700_000_000L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stallBeforeHeaders", "stallBeforeFirst", "stallAfter"})
  void a_stalled_stream_goes_on_when_the_faults_are_cleared(String kind) throws Exception {
    stage.fault("{\"kind\":\"" + kind + "\",\"afterEvents\":2}");
    Heard heard = stream();
    assertThat(Stage.eventually(() -> stage.counted("inFlight") == 1)).isTrue();
    Thread.sleep(300);

    assertThat(heard.end).isNotDone();
    assertThat(heard.events).hasSize(kind.equals("stallAfter") ? 2 : 0);
    stage.control("DELETE", "faults", "");

    assertThat(heard.failure()).isEmpty();
    assertThat(heard.text()).isEqualTo("Scripted answer: Hello there");
  }

  @ParameterizedTest
  @ValueSource(strings = {"stallBeforeHeaders", "stallBeforeFirst", "stallAfter"})
  void a_stalled_buffered_answer_goes_on_when_the_faults_are_cleared(String kind) throws Exception {
    stage.fault("{\"kind\":\"" + kind + "\",\"afterEvents\":1}");
    CompletableFuture<ConverseResponse> answer =
        CompletableFuture.supplyAsync(FaultsTest::converse);
    assertThat(Stage.eventually(() -> stage.counted("inFlight") == 1)).isTrue();
    Thread.sleep(300);

    assertThat(answer).isNotDone();
    stage.control("DELETE", "faults", "");

    assertThat(answer.get().usage().outputTokens()).isEqualTo(4);
  }

  @Test
  void a_stall_with_a_length_ends_by_itself() throws Exception {
    stage.fault("{\"kind\":\"stallAfter\",\"afterEvents\":3,\"delayMillis\":600}");

    Heard heard = stream();

    assertThat(heard.failure()).isEmpty();
    assertThat(heard.stop()).isPresent();
  }

  @Test
  void a_cut_stream_ends_as_if_it_were_complete() throws Exception {
    stage.fault("{\"kind\":\"cut\",\"afterEvents\":3}");

    Heard heard = stream();

    assertThat(heard.failure()).isEmpty();
    assertThat(heard.text()).isEqualTo("Scripted answer: ");
    assertThat(heard.stop()).isEmpty();
    assertThat(stage.counted("failed")).isEqualTo(1);
  }

  @Test
  void a_stream_can_be_cut_inside_an_event() throws Exception {
    stage.fault("{\"kind\":\"cutBytes\",\"afterBytes\":200}");

    Heard heard = stream();

    assertThat(heard.failure()).isEmpty();
    assertThat(heard.events).hasSize(1);
    assertThat(heard.stop()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"kind\":\"cut\",\"afterEvents\":1}",
        "{\"kind\":\"cutBytes\",\"afterBytes\":20}",
        "{\"kind\":\"garbage\"}"
      })
  void a_broken_buffered_body_is_no_json(String fault) throws Exception {
    stage.fault(fault);

    assertThatThrownBy(FaultsTest::converse).isInstanceOf(SdkClientException.class);
    assertThat(stage.counted("failed")).isEqualTo(1);
  }

  @Test
  void an_exception_frame_follows_the_events_before_it() throws Exception {
    stage.fault("{\"kind\":\"exceptionFrame\",\"afterEvents\":3}");

    Heard heard = stream();

    assertThat(heard.failure().orElseThrow()).isInstanceOf(ModelStreamErrorException.class);
    assertThat(heard.text()).isEqualTo("Scripted answer: ");
  }

  @Test
  void an_exception_frame_can_be_the_first_and_of_another_type() throws Exception {
    stage.fault("{\"kind\":\"exceptionFrame\",\"errorType\":\"ThrottlingException\"}");

    Heard heard = stream();

    assertThat(heard.failure().orElseThrow()).isInstanceOf(ThrottlingException.class);
    assertThat(heard.events).isEmpty();
  }

  @Test
  void a_buffered_operation_answers_an_exception_frame_with_its_status() throws Exception {
    stage.fault("{\"kind\":\"exceptionFrame\",\"errorType\":\"ModelErrorException\"}");

    assertThatThrownBy(FaultsTest::converse).isInstanceOf(ModelErrorException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void a_reset_breaks_the_stream(int afterEvents) throws Exception {
    stage.fault("{\"kind\":\"reset\",\"afterEvents\":" + afterEvents + "}");

    Heard heard = stream();

    assertThat(heard.failure().orElseThrow()).isInstanceOf(SdkClientException.class);
    assertThat(heard.stop()).isEmpty();
    assertThat(stage.counted("failed")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void a_reset_breaks_a_buffered_answer(int afterEvents) throws Exception {
    stage.fault("{\"kind\":\"reset\",\"afterEvents\":" + afterEvents + ",\"times\":1}");

    assertThat(catchThrowable(FaultsTest::converse)).isInstanceOf(SdkClientException.class);
    assertThat(converse().usage().outputTokens()).isEqualTo(4);
  }

  @Test
  void an_empty_answer_is_complete_and_without_content() throws Exception {
    stage.fault("{\"kind\":\"empty\"}");

    ConverseResponse buffered = converse();
    Heard streamed = stream();

    assertThat(buffered.output().message().content()).isEmpty();
    assertThat(buffered.usage().outputTokens()).isZero();
    assertThat(streamed.failure()).isEmpty();
    assertThat(streamed.events).hasSize(3);
    assertThat(streamed.stop()).isPresent();
  }

  @Test
  void garbage_in_a_stream_is_an_error_of_the_client() throws Exception {
    stage.fault("{\"kind\":\"garbage\",\"afterEvents\":2}");

    Heard heard = stream();

    assertThat(heard.stop()).isEmpty();
    assertThat(heard.failure()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"kind\":\"nonsense\"}",
        "{\"kind\":\"status\",\"status\":200}",
        "{\"kind\":\"delay\",\"operation\":\"converse\"}",
        "{\"kind\":\"delay\",\"delayMs\":5}",
        "{}"
      })
  void a_fault_that_is_none_is_refused(String fault) {
    assertThatThrownBy(() -> stage.fault(fault)).isInstanceOf(IllegalStateException.class);
  }
}
