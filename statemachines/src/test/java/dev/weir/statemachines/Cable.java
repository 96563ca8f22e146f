package dev.weir.statemachines;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.time.Scheduler;
import dev.weir.states.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** What lies between machines and services: it takes its time, and can be ordered to fail. */
final class Cable {
  private final Scheduler time;
  private final Random random;
  private final List<Order> orders = new ArrayList<>();
  private final List<String> said = new ArrayList<>();
  private final Set<Place> seen = new LinkedHashSet<>();
  private final Set<String> lost = new HashSet<>();
  private final Map<Place, Runnable> before = new HashMap<>();

  /**
   * A fault.
   *
   * @param times how often; {@link Integer#MAX_VALUE} for ever
   * @param instead what is answered; empty: the call is carried out and its reply lost
   */
  private static final class Order {
    private final Predicate<Tasks.Call> which;
    private final Function<Tasks.Call, Optional<Tasks.Reply>> instead;
    private int times;

    Order(Predicate<Tasks.Call> which, Optional<Tasks.Reply> instead, int times) {
      this(which, _ -> instead, times);
    }

    Order(
        Predicate<Tasks.Call> which,
        Function<Tasks.Call, Optional<Tasks.Reply>> instead,
        int times) {
      this.which = which;
      this.instead = instead;
      this.times = times;
    }
  }

  Cable(Scheduler time, long seed) {
    this.time = time;
    random = new Random(seed);
  }

  /** What happens at a place. */
  void at(Place place, int times, Optional<String> error) {
    said.add(place + " " + error.orElse("lost") + " x " + times);
    Predicate<Tasks.Call> there = call -> Place.of(call).equals(place);
    if (error.isPresent()) {
      fail(there, times, error.get(), "broken here");
    } else {
      lose(there, times);
    }
  }

  /** Calls of a state fail so often with this error and this cause. */
  void fail(String machine, String state, int times, String error, String cause) {
    fail(call -> Place.of(call).equals(new Place(machine, state)), times, error, cause);
  }

  /** Calls that match fail so often with this error; nothing is carried out. */
  void fail(Predicate<Tasks.Call> which, int times, String error, String cause) {
    orders.add(new Order(which, Optional.of(new Tasks.Reply.Failed(error, cause)), times));
  }

  /** The next call of a state gets this for an answer; nothing is carried out. */
  void answer(String machine, String state, JsonNode result) {
    Place place = new Place(machine, state);
    orders.add(
        new Order(
            call -> Place.of(call).equals(place), Optional.of(new Tasks.Reply.Done(result)), 1));
  }

  /** Replies to calls that match are lost so often. */
  void lose(Predicate<Tasks.Call> which, int times) {
    orders.add(new Order(which, Optional.empty(), times));
  }

  /** This happens just before the next call of a state. */
  void before(String machine, String state, Runnable what) {
    before.put(new Place(machine, state), what);
  }

  /** Nothing fails any more. */
  void mend() {
    orders.clear();
  }

  /** Until then, calls are refused or their replies lost with these probabilities. */
  void rough(Instant end, double refused, double lost) {
    Predicate<Tasks.Call> now = _ -> time.instant().isBefore(end);
    orders.add(
        new Order(
            now.and(_ -> random.nextDouble() < refused),
            call -> Optional.of(busy(call.resource().service())),
            Integer.MAX_VALUE));
    orders.add(
        new Order(now.and(_ -> random.nextDouble() < lost), Optional.empty(), Integer.MAX_VALUE));
  }

  /** How a service says that it is asked too much. */
  private static Tasks.Reply busy(String service) {
    String error =
        switch (service) {
          case "dynamodb" -> "DynamoDb.ProvisionedThroughputExceededException";
          case "sagemaker" -> "SageMaker.SageMakerException";
          case "applicationautoscaling" -> "ApplicationAutoScaling.ApplicationAutoScalingException";
          case "cloudwatch" -> "CloudWatch.CloudWatchException";
          case "states" -> "StepFunctions.AWSStepFunctionsException";
          case "sfn" -> "Sfn.SfnException";
          case "lambda" -> "Lambda.TooManyRequestsException";
          case "sns" -> "SNS.AmazonSNSException";
          case "ssm" -> "Ssm.SsmException";
          default -> "EventBridge.AmazonEventBridgeException";
        };
    return new Tasks.Reply.Failed(error, "Rate exceeded (Status Code: 400)");
  }

  /** Whether a reply to a call of that state was lost. */
  boolean lost(String state) {
    return lost.contains(state);
  }

  @Override
  public String toString() {
    return said.isEmpty() ? "no fault" : String.join(", ", said);
  }

  Tasks between(Tasks services) {
    return (call, reply) -> time.after(delay(), () -> carry(services, call, reply));
  }

  /** The states whose calls went through, each with its machine, in the order of their first. */
  Set<Place> seen() {
    return seen;
  }

  /** A state of a machine. */
  record Place(String machine, String state) {
    static Place of(Tasks.Call call) {
      return new Place(call.executionArn().split(":", -1)[6], call.state());
    }
  }

  private void carry(Tasks services, Tasks.Call call, Consumer<Tasks.Reply> reply) {
    seen.add(Place.of(call));
    Optional.ofNullable(before.remove(Place.of(call))).ifPresent(Runnable::run);
    Consumer<Tasks.Reply> later = answer -> time.after(delay(), () -> reply.accept(answer));
    for (Iterator<Order> all = orders.iterator(); all.hasNext(); ) {
      Order order = all.next();
      if (order.which.test(call)) {
        if (--order.times == 0) {
          all.remove();
        }
        Optional<Tasks.Reply> instead = order.instead.apply(call);
        if (instead.isPresent()) {
          later.accept(instead.get());
        } else {
          lost.add(call.state());
          services.call(call, _ -> {});
          later.accept(new Tasks.Reply.Lost());
        }
        return;
      }
    }
    services.call(call, later);
  }

  private Duration delay() {
    return Duration.ofMillis(5 + random.nextInt(100));
  }
}
