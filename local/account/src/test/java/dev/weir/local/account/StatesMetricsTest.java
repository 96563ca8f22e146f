package dev.weir.local.account;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.Reply;
import dev.weir.local.sagemaker.World;
import dev.weir.local.sagemaker.wire.Service;
import dev.weir.local.time.VirtualScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatesMetricsTest {

  private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
  private static final String WAITS =
      "{\"QueryLanguage\":\"JSONata\",\"StartAt\":\"W\",\"States\":{\"W\":{\"Type\":\"Wait\",\"Seconds\":30,\"Next\":\"S\"},\"S\":{\"Type\":\"Succeed\"}}}";

  private final VirtualScheduler time = new VirtualScheduler(START, 1);
  private final Account account =
      new Account(
          new Account.Settings(new World.Settings(1), 1),
          time,
          (operation, _) -> new DynamoDb.Answer.Refused("ValidationException", operation),
          (_, _, answer) -> answer.accept(new Functions.Outcome.Threw("None", "none")),
          _ -> {});
  private final String machine =
      account.machines().createStateMachine("waits", WAITS, "arn:aws:iam::0:role/r");

  private double sum(String metric) {
    ObjectNode request =
        JsonNodeFactory.instance
            .objectNode()
            .put("Namespace", "AWS/States")
            .put("MetricName", metric)
            .put("StartTime", START.getEpochSecond())
            .put("EndTime", START.plus(Duration.ofHours(1)).getEpochSecond())
            .put("Period", 3600);
    request.putArray("Statistics").add("Sum");
    request.putArray("Dimensions").addObject().put("Name", "StateMachineArn").put("Value", machine);
    Reply reply = account.world().call("test", Service.CLOUDWATCH, "GetMetricStatistics", request);
    JsonNode points = ((Reply.Done) reply).result().path("Datapoints");
    return points.isEmpty() ? 0 : points.get(0).path("Sum").asDouble();
  }

  private String start() {
    return account.machines().startExecution(machine, Optional.empty(), "{}").executionArn();
  }

  @Test
  void executions_count_as_they_begin_and_as_they_end() {
    start();
    String stopped = start();
    assertThat(sum("ExecutionsStarted")).isEqualTo(2);
    assertThat(sum("ExecutionsSucceeded")).isZero();

    account.machines().stopExecution(stopped, Optional.empty(), Optional.empty());
    time.advance(Duration.ofMinutes(1));

    assertThat(sum("ExecutionsSucceeded")).isOne();
    assertThat(sum("ExecutionsAborted")).isOne();
    assertThat(sum("ExecutionsFailed")).isZero();
    assertThat(sum("ExecutionTime")).isEqualTo(30_000);
  }
}
