package dev.weir.local.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.local.sagemaker.fault.CallFault;
import dev.weir.local.sagemaker.fault.Condition;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.state.Ledger;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sagemaker.model.SageMakerException;

final class FaultsTest {
  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  private void delete() {
    lab.sagemaker.deleteEndpoint(r -> r.endpointName("chat"));
  }

  @ParameterizedTest
  @CsvSource({
    "THROTTLED, ThrottlingException",
    "ACCESS_DENIED, AccessDeniedException",
    "LIMIT_EXCEEDED, ResourceLimitExceeded",
    "INTERNAL, InternalFailure",
  })
  void a_refused_call_does_nothing_and_the_next_goes_through(CallFault kind, String code) {
    lab.endpoint("chat");
    lab.world.add(new Fault(kind, "DeleteEndpoint", "chat").times(2));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(this::delete)
          .isInstanceOfSatisfying(
              SageMakerException.class,
              e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code));
      assertThat(lab.status("chat")).isEqualTo("InService");
    }
    delete();
    assertThat(lab.status("chat")).isEqualTo("Deleting");
    assertThat(lab.world.ledger())
        .filteredOn(entry -> entry.operation().equals("DeleteEndpoint"))
        .extracting(Ledger.Entry::outcome)
        .containsExactly(code, code, Ledger.DONE);
  }

  @ParameterizedTest
  @CsvSource({"LOST_REPLY, Deleting, true", "LOST_REQUEST, InService, false"})
  void a_lost_call_is_done_or_not_and_the_caller_can_not_tell(
      CallFault kind, String status, boolean done) {
    lab.endpoint("chat");
    lab.world.add(new Fault(kind, "DeleteEndpoint", "chat").times(1));
    assertThatThrownBy(this::delete).isInstanceOf(SdkClientException.class);
    assertThat(lab.status("chat")).isEqualTo(status);
    assertThat(lab.world.ledger().getLast().isDone()).isEqualTo(done);
    assertThat(lab.world.ledger().getLast().caller()).isEqualTo("AKIDTEST");
  }

  @Test
  void a_share_of_the_calls_is_hit() {
    lab.endpoint("chat");
    lab.world.add(new Fault(CallFault.THROTTLED, "DescribeEndpoint", Fault.ANY).share(0.5));
    int throttled = 0;
    for (int i = 0; i < 200; i++) {
      try {
        lab.status("chat");
      } catch (SageMakerException e) {
        throttled++;
      }
    }
    assertThat(throttled).isBetween(70, 130);
  }

  @Test
  void a_fault_for_a_time_ends() {
    lab.endpoint("chat");
    lab.world.add(
        new Fault(CallFault.THROTTLED, Fault.ANY, "chat")
            .until(lab.time.instant().plus(Duration.ofMinutes(5))));
    assertThatThrownBy(() -> lab.status("chat")).isInstanceOf(SageMakerException.class);
    lab.passMinutes(5);
    assertThat(lab.status("chat")).isEqualTo("InService");
  }

  @Test
  void probes_fail_though_the_endpoint_is_in_service() {
    lab.endpoint("chat");
    assertThat(lab.world.invoke("chat")).isTrue();
    lab.world.add(new Fault(Condition.PROBES_FAIL, Fault.ANY, "chat"));
    assertThat(lab.world.invoke("chat")).isFalse();
    assertThat(lab.status("chat")).isEqualTo("InService");
    lab.world.clearFaults();
    assertThat(lab.world.invoke("chat")).isTrue();
  }

  @Test
  void lost_events_are_never_told() {
    lab.world.add(new Fault(Condition.EVENTS_LOST, Fault.ANY, "chat"));
    lab.endpoint("chat");
    assertThat(lab.events).isEmpty();
  }
}
