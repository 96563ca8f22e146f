package dev.weir.states;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;

/** What DescribeExecution says of an execution. */
public record ExecutionDescription(
    String executionArn,
    String stateMachineArn,
    String name,
    ExecutionStatus status,
    Instant startDate,
    Optional<Instant> stopDate,
    JsonNode input,
    Optional<JsonNode> output,
    Optional<String> error,
    Optional<String> cause) {}
