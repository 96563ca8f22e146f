package dev.weir.states.definition;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One state; every type has the fields that JSONata states have, and no others. */
public sealed interface State {

  String name();

  /** The type as definitions and events spell it. */
  String type();

  /** What a state makes of its result: variables and output. */
  record Shape(Map<String, Template> assign, Optional<Template> output) {}

  /** How a state is left; without a next state it ends its flow. */
  record Exit(Shape shape, Optional<String> next) {}

  /** An entry of Retry; the delay before retry n is interval × rateⁿ, at most maxDelay seconds. */
  record Retrier(
      List<String> errors,
      int intervalSeconds,
      int maxAttempts,
      double backoffRate,
      Optional<Integer> maxDelaySeconds,
      boolean fullJitter) {}

  /** An entry of Catch. */
  record Catcher(List<String> errors, Shape shape, String next) {}

  /** An entry of Choices. */
  record Rule(Template condition, Shape shape, String next) {}

  /** A state with Retry and Catch. */
  sealed interface Recoverable extends State {
    List<Retrier> retriers();

    List<Catcher> catchers();

    Exit exit();
  }

  /** Hands its input on. */
  record Pass(String name, Exit exit) implements State {
    @Override
    public String type() {
      return "Pass";
    }
  }

  /** Calls an API. */
  record Task(
      String name,
      Resource resource,
      Optional<Template> arguments,
      Optional<Template> timeoutSeconds,
      Optional<Template> heartbeatSeconds,
      List<Retrier> retriers,
      List<Catcher> catchers,
      Exit exit)
      implements Recoverable {
    @Override
    public String type() {
      return "Task";
    }
  }

  /** Takes the first rule that is true; its own shape applies to the default only. */
  record Choice(String name, List<Rule> rules, Shape shape, Optional<String> otherwise)
      implements State {
    @Override
    public String type() {
      return "Choice";
    }
  }

  /** Waits for a number of seconds, or until a timestamp. */
  record Wait(String name, boolean untilTimestamp, Template time, Exit exit) implements State {
    @Override
    public String type() {
      return "Wait";
    }
  }

  /** Ends its flow well. */
  record Succeed(String name, Optional<Template> output) implements State {
    @Override
    public String type() {
      return "Succeed";
    }
  }

  /** Ends its flow with an error. */
  record Fail(String name, Optional<Template> error, Optional<Template> cause) implements State {
    @Override
    public String type() {
      return "Fail";
    }
  }

  /** Runs branches side by side. */
  record Parallel(
      String name,
      Optional<Template> arguments,
      List<Flow> branches,
      List<Retrier> retriers,
      List<Catcher> catchers,
      Exit exit)
      implements Recoverable {
    @Override
    public String type() {
      return "Parallel";
    }
  }

  /** Runs one flow for each item, inline. */
  record MapState(
      String name,
      Optional<Template> items,
      Optional<Template> itemSelector,
      Optional<Template> maxConcurrency,
      Flow processor,
      List<Retrier> retriers,
      List<Catcher> catchers,
      Exit exit)
      implements Recoverable {
    @Override
    public String type() {
      return "Map";
    }
  }
}
