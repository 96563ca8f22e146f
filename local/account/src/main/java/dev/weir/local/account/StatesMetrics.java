package dev.weir.local.account;

import dev.weir.local.sagemaker.World;
import dev.weir.states.ExecutionDescription;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * What CloudWatch is told of executions: namespace {@code AWS/States} by machine (developer guide,
 * "Monitoring Step Functions metrics using CloudWatch").
 */
final class StatesMetrics {
  private static final String NAMESPACE = "AWS/States";

  private final World world;

  StatesMetrics(World world) {
    this.world = world;
  }

  void started(ExecutionDescription execution) {
    put(execution, "ExecutionsStarted", execution.startDate(), 1);
  }

  void ended(ExecutionDescription execution) {
    Instant at = execution.stopDate().orElse(execution.startDate());
    put(
        execution,
        switch (execution.status()) {
          case SUCCEEDED -> "ExecutionsSucceeded";
          case FAILED -> "ExecutionsFailed";
          case TIMED_OUT -> "ExecutionsTimedOut";
          case ABORTED -> "ExecutionsAborted";
          case RUNNING -> throw new IllegalArgumentException("still runs: " + execution.name());
        },
        at,
        1);
    put(execution, "ExecutionTime", at, Duration.between(execution.startDate(), at).toMillis());
  }

  private void put(ExecutionDescription execution, String name, Instant at, double value) {
    world.metric(
        NAMESPACE, name, Map.of("StateMachineArn", execution.stateMachineArn()), at, value);
  }
}
