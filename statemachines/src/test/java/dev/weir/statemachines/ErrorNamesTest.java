package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors are named as Step Functions names them: by the class of the SDK that is behind a task. */
final class ErrorNamesTest {
  private final Rig rig = new Rig(1);

  // The SDK for Java 2 has a ValidationException for Application Auto Scaling, none for SageMaker.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "applicationautoscaling:registerScalableTarget | {'ServiceNamespace':'sagemaker','ResourceId':'endpoint/no/variant/v','ScalableDimension':'sagemaker:variant:DesiredInstanceCount','MinCapacity':1,'MaxCapacity':2} | ApplicationAutoScaling.ValidationException",
        "sagemaker:describeEndpoint | {'EndpointName':'no'} | SageMaker.SageMakerException"
      })
  void a_refusal_is_named(String resource, String arguments, String error) {
    String text =
        Rig.json(
                "{'QueryLanguage':'JSONata','StartAt':'Call','States':{'Call':{'Type':'Task','Resource':'arn:aws:states:::aws-sdk:%s','Arguments':%s,'End':true}}}"
                    .formatted(resource, arguments))
            .toString();
    String machine =
        rig.account
            .machines()
            .createStateMachine("call", text, "arn:aws:iam::123456789012:role/call");
    String execution =
        rig.account.machines().startExecution(machine, Optional.empty(), "{}").executionArn();
    rig.time.advance(Duration.ofMinutes(1));
    assertThat(rig.describe(execution).error()).contains(error);
  }
}
