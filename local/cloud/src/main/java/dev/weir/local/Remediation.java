package dev.weir.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.account.Account;
import dev.weir.local.account.DynamoDb;
import dev.weir.local.account.Functions;
import dev.weir.local.events.Target.Receipt;
import dev.weir.local.sagemaker.Reply;
import dev.weir.local.sagemaker.World;
import dev.weir.local.sagemaker.WorldServer;
import dev.weir.local.sagemaker.state.Events;
import dev.weir.local.sagemaker.wire.Service;
import dev.weir.local.template.StateMachineSpec;
import dev.weir.local.template.Template;
import dev.weir.local.time.Scheduler;
import dev.weir.states.StatesException;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The template's state machines, and the SageMaker, Auto Scaling and CloudWatch they look after.
 */
final class Remediation implements Closeable {
  private static final long SEED = 1;

  /** Ended executions whose histories are kept: the memory is bounded, the days are not. */
  private static final int KEPT = 2_000;

  private final Account account;
  private final StatesApi states;
  private final WorldServer server;

  /**
   * Creates the machines and serves the world.
   *
   * @param pace how much longer than usual everything in the world takes
   * @param bus takes every event
   * @throws IllegalArgumentException the runner refuses a machine
   */
  Remediation(
      List<StateMachineSpec> specs,
      double pace,
      Scheduler time,
      DynamoDb database,
      Functions functions,
      Events bus)
      throws IOException {
    var world = new World.Settings(SEED, Template.REGION, Template.ACCOUNT, pace);
    account = new Account(new Account.Settings(world, KEPT), time, database, functions, bus);
    states = new StatesApi(account.machines(), time.instant());
    for (var spec : specs) {
      create(spec);
    }
    server = new WorldServer(account.world(), 0);
  }

  private void create(StateMachineSpec spec) {
    try {
      states.create(spec.name(), spec.definition(), spec.roleArn());
    } catch (StatesException e) {
      throw new IllegalArgumentException("state machine " + spec.name() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Puts an alarm into the world.
   *
   * @param request of PutMetricAlarm
   * @return why the world does not have it; empty if it has
   */
  Optional<String> put(ObjectNode request) {
    return switch (account
        .world()
        .call("template", Service.CLOUDWATCH, "PutMetricAlarm", request)) {
      case Reply.Done(_) -> Optional.empty();
      case Reply.Refused(var error) -> Optional.of(error.message());
      case Reply.Lost() -> Optional.of("no answer");
    };
  }

  /** Starts a machine with a rule's payload. */
  Receipt start(String arn, JsonNode payload) {
    try {
      account.machines().startExecution(arn, Optional.empty(), payload.toString());
      return new Receipt.Taken();
    } catch (StatesException e) {
      return new Receipt.Refused(e.code(), String.valueOf(e.getMessage()), false);
    }
  }

  /** Publishes to a topic, as SNS's Publish does; the message's id. */
  String publish(String topic, String subject, String message) {
    return account
        .outbox()
        .publish(
            JsonNodeFactory.instance
                .objectNode()
                .put("TopicArn", topic)
                .put("Subject", subject)
                .put("Message", message))
        .path("MessageId")
        .asText();
  }

  Account account() {
    return account;
  }

  StatesApi states() {
    return states;
  }

  /** What sends the SDK's clients to the world. */
  Map<String, String> variables() {
    var url = server.url().toString();
    return Map.of(
        "AWS_ENDPOINT_URL_SAGEMAKER", url,
        "AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING", url,
        "AWS_ENDPOINT_URL_CLOUDWATCH", url,
        "AWS_ENDPOINT_URL_SAGEMAKER_PROBES", url);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
