package dev.weir.inference.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.ModelEvent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every exception Bedrock has, as a status and as a frame. */
@Timeout(60)
class BedrockFaultsTest {
  @ParameterizedTest
  @CsvSource({
    "429,ThrottlingException,THROTTLED",
    "400,ServiceQuotaExceededException,QUOTA_EXCEEDED",
    "429,ModelNotReadyException,NOT_READY",
    "503,ServiceUnavailableException,UNAVAILABLE",
    "500,InternalServerException,INTERNAL",
    "408,ModelTimeoutException,MODEL_TIMEOUT",
    "424,ModelErrorException,MODEL_ERROR",
    "424,ModelStreamErrorException,MODEL_ERROR",
    "400,ValidationException,INVALID",
    "403,AccessDeniedException,ACCESS_DENIED",
    "404,ResourceNotFoundException,NOT_FOUND",
    "400,ConflictException,REFUSED",
    "403,UnrecognizedClientException,ACCESS_DENIED",
    "429,SomethingNew,THROTTLED",
    "418,SomethingNew,REFUSED",
    "502,SomethingNew,INTERNAL",
  })
  void every_exception_is_told_apart_as_status_and_as_frame(
      int status, String name, Fault.Kind kind) throws Exception {
    String quoting = "{\"message\":\"you wrote: canary\"}";
    for (boolean stream : new boolean[] {true, false}) {
      Asked byHeader =
          Asked.of(
              wire -> wire.json(status, quoting, "x-amzn-errortype: " + name + ":http://internal/"),
              Calls.hello(stream),
              Asked.deadline(Asked.AMPLE, Asked.AMPLE, Asked.AMPLE));
      Asked byBody =
          Asked.of(
              wire -> wire.json(status, "{\"__type\":\"com.amazon.x#" + name + "\"}"),
              Calls.hello(stream),
              Asked.deadline(Asked.AMPLE, Asked.AMPLE, Asked.AMPLE));

      assertThat(byHeader.ending()).isEqualTo(new Ending.Failed(Fault.of(kind, name)));
      assertThat(byBody.ending()).isEqualTo(new Ending.Failed(Fault.of(kind, name)));
      assertThat(byHeader.events()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "throttlingException,ThrottlingException,THROTTLED",
    "serviceUnavailableException,ServiceUnavailableException,UNAVAILABLE",
    "internalServerException,InternalServerException,INTERNAL",
    "modelStreamErrorException,ModelStreamErrorException,MODEL_ERROR",
    "validationException,ValidationException,INVALID",
    "modelTimeoutException,ModelTimeoutException,MODEL_TIMEOUT",
    "somethingNewException,SomethingNewException,INTERNAL",
  })
  void an_exception_frame_within_a_200_is_told_apart_and_its_words_are_dropped(
      String type, String name, Fault.Kind kind) throws Exception {
    byte[] stream =
        Fixture.joined(
            List.of(
                Fixture.event("messageStart", "{'role':'assistant'}"),
                Fixture.event("contentBlockDelta", "{'contentBlockIndex':0,'delta':{'text':'a'}}"),
                Fixture.exception(type)));

    Asked outcome = Asked.cut(Fixture.TEXT, stream, true);

    assertThat(outcome.ending()).isEqualTo(new Ending.Failed(Fault.of(kind, name)));
    assertThat(outcome.events())
        .containsExactly(new ModelEvent.Started(), new ModelEvent.TextDelta(0, "a"));
    assertThat(outcome.toString()).doesNotContain("canary");
  }

  @Test
  void the_upstreams_wait_is_passed_on() throws Exception {
    Asked outcome =
        Asked.of(
            wire -> wire.json(429, "{}", "x-amzn-errortype: ThrottlingException", "Retry-After: 7"),
            Calls.hello(true),
            Asked.deadline(Asked.AMPLE, Asked.AMPLE, Asked.AMPLE));

    assertThat(((Ending.Failed) outcome.ending()).fault().retryAfter())
        .contains(Duration.ofSeconds(7));
  }

  @Test
  void an_error_page_of_something_in_between_is_told_by_its_status() throws Exception {
    Asked outcome =
        Asked.of(
            wire -> wire.json(503, "<html>canary</html>"),
            Calls.hello(true),
            Asked.deadline(Asked.AMPLE, Asked.AMPLE, Asked.AMPLE));

    assertThat(outcome.ending())
        .isEqualTo(new Ending.Failed(Fault.of(Fault.Kind.UNAVAILABLE, "Http503")));
  }
}
