package dev.weir.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.account.DynamoDb;
import dev.weir.local.events.DeadLetterQueues.DeadLetter;
import dev.weir.local.events.EventBus;
import dev.weir.local.events.Target.Receipt;
import dev.weir.local.lambda.Lambda;
import dev.weir.local.template.Template;
import dev.weir.local.time.ForwardScheduler;
import dev.weir.local.time.Scheduler;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What happens without a request: rules with their schedules and targets, and, if the template has
 * state machines, these and their world; all on one clock.
 */
final class Automation implements Closeable {
  private static final long SEED = 1;

  /** How old the world is when it is first looked at: its endpoints have come into service. */
  private static final Duration PAST = Duration.ofMinutes(30);

  private static final Duration SEEN = Duration.ofMinutes(1);

  private final Template template;
  private final ForwardScheduler time;
  private final EventBus bus;
  private final Supplier<Lambda> lambda;
  private final Optional<Remediation> remediation;
  private final List<Letter> letters = new ArrayList<>();

  /** What a dead-letter queue holds. */
  record Letter(String queue, DeadLetter letter) {}

  /**
   * @param pace of the world
   * @param ids of events
   * @param lambda the functions, which are there by the time of {@link #begin}
   */
  Automation(
      Template template,
      double pace,
      InstantSource clock,
      Supplier<String> ids,
      Optional<DynamoDb> database,
      Supplier<Lambda> lambda)
      throws IOException {
    this.template = template;
    this.lambda = lambda;
    time = new ForwardScheduler(InstantSource.offset(clock, PAST.negated()), SEED);
    bus = new EventBus(Template.REGION, Template.ACCOUNT, time, ids, this::deliver, this::bury);
    var machines = template.stateMachines();
    remediation =
        machines.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Remediation(
                    machines,
                    pace,
                    time,
                    database.orElseThrow(() -> new IllegalArgumentException("no table")),
                    new LambdaFunctions(lambda, time),
                    bus::publish));
  }

  /**
   * Puts endpoints and the alarms into the world and begins to listen.
   *
   * @param endpoints names of those in the world at the beginning
   * @param says is told of alarms that the world cannot have
   */
  void begin(List<String> endpoints, Consumer<String> says) {
    var demo = remediation.map(it -> new DemoEndpoints(it.account().world(), endpoints));
    demo.ifPresent(DemoEndpoints::define);
    time.advance(SEEN);
    demo.ifPresent(DemoEndpoints::create);
    time.advance(PAST.minus(SEEN));
    demo.ifPresent(DemoEndpoints::watch);
    remediation.ifPresent(it -> {
      for (var alarm : template.alarms()) {
        it.put(alarm)
            .ifPresent(
                why -> says.accept("no alarm " + alarm.path("AlarmName").asText() + ": " + why));
      }
    });
    template.rules().forEach(bus::add);
  }

  private Receipt deliver(String arn, JsonNode payload) {
    return switch (arn.split(":", -1)[2]) {
      case "lambda" -> invoke(LambdaFunctions.name(arn), payload);
      case "states" ->
          remediation
              .map(it -> it.start(arn, payload))
              .orElseGet(() -> new Receipt.Refused("StateMachineDoesNotExist", arn, false));
      case "sns" -> publish(arn, payload);
      default -> new Receipt.Refused("TargetNotKnownHere", arn, false);
    };
  }

  /** EventBridge invokes functions without waiting for them. */
  private Receipt invoke(String function, JsonNode payload) {
    try {
      lambda.get().invoke(function, payload.toString().getBytes(StandardCharsets.UTF_8), "");
      return new Receipt.Taken();
    } catch (IllegalArgumentException e) {
      return new Receipt.Refused(
          "ResourceNotFoundException", String.valueOf(e.getMessage()), false);
    }
  }

  private Receipt publish(String topic, JsonNode payload) {
    remediation.ifPresent(it -> it.publish(topic, "", payload.toString()));
    return new Receipt.Taken();
  }

  private void bury(String queue, DeadLetter letter) {
    letters.add(new Letter(queue, letter));
  }

  /** Lets the notebook instances of the world beat into this table; empty without a world. */
  Optional<NotebookHeartbeats> beatInto(DynamoDb database, String table) {
    return remediation.map(it -> {
      var heartbeats = new NotebookHeartbeats(it.account().world(), time, database, table);
      heartbeats.begin();
      return heartbeats;
    });
  }

  /** The clock of all this. */
  Scheduler clock() {
    return time;
  }

  /** What the dead-letter queues hold. */
  List<Letter> letters() {
    return time.call(() -> List.copyOf(letters));
  }

  /**
   * PutEvents.
   *
   * @throws dev.weir.local.events.EventsException it is refused
   */
  ObjectNode putEvents(ObjectNode request) {
    return bus.putEvents(request);
  }

  /** Empty if the template has no state machines. */
  Optional<Remediation> remediation() {
    return remediation;
  }

  /** What sends the SDK's clients to what is here. */
  Map<String, String> variables() {
    return remediation.map(Remediation::variables).orElseGet(Map::of);
  }

  @Override
  public void close() throws IOException {
    time.close();
    if (remediation.isPresent()) {
      remediation.get().close();
    }
  }
}
