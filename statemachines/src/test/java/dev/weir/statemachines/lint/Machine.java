package dev.weir.statemachines.lint;

import dev.weir.states.definition.Definition;
import dev.weir.states.definition.Expression;
import dev.weir.states.definition.Flow;
import dev.weir.states.definition.Resource;
import dev.weir.states.definition.State;
import dev.weir.states.definition.Template;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A machine as the rules look at it. */
record Machine(Definition definition) {

  /** The state of an action machine that extends the lease before a mutation. */
  static final String BEAT = "Beat";

  private static final List<String> READS =
      List.of("describe", "list", "get", "batchGet", "transactGet", "query", "scan");

  Stream<State> states() {
    return definition.flow().all();
  }

  Stream<State.Task> tasks() {
    return states()
        .flatMap(state -> state instanceof State.Task task ? Stream.of(task) : Stream.empty());
  }

  /** The machine's flow and every flow inside one of its states. */
  Stream<Flow> flows() {
    return flows(definition.flow());
  }

  private static Stream<Flow> flows(Flow flow) {
    return Stream.concat(
        Stream.of(flow),
        flow.states().values().stream().flatMap(Flow::inside).flatMap(Machine::flows));
  }

  /** Whether it repairs something, and so holds a lease while it does. */
  boolean acts() {
    return states().anyMatch(state -> state.name().equals(BEAT));
  }

  /** Whether a call changes something. */
  static boolean mutates(Resource resource) {
    return READS.stream().noneMatch(resource.action()::startsWith);
  }

  /** Every expression of a state, those of flows inside it excepted. */
  static Stream<Expression> expressions(State state) {
    return templates(state).flatMap(Template::expressions);
  }

  private static Stream<Template> templates(State state) {
    return switch (state) {
      case State.Pass pass -> shape(pass.exit().shape());
      case State.Task task ->
          concat(
              recovery(task),
              present(task.arguments(), task.timeoutSeconds(), task.heartbeatSeconds()));
      case State.Choice choice ->
          concat(
              shape(choice.shape()),
              choice.rules().stream().map(State.Rule::condition),
              choice.rules().stream().map(State.Rule::shape).flatMap(Machine::shape));
      case State.Wait wait -> concat(Stream.of(wait.time()), shape(wait.exit().shape()));
      case State.Succeed succeed -> present(succeed.output());
      case State.Fail fail -> present(fail.error(), fail.cause());
      case State.Parallel parallel -> concat(recovery(parallel), present(parallel.arguments()));
      case State.MapState map ->
          concat(recovery(map), present(map.items(), map.itemSelector(), map.maxConcurrency()));
    };
  }

  private static Stream<Template> recovery(State.Recoverable state) {
    return concat(
        shape(state.exit().shape()),
        state.catchers().stream().map(State.Catcher::shape).flatMap(Machine::shape));
  }

  private static Stream<Template> shape(State.Shape shape) {
    return concat(shape.assign().values().stream(), shape.output().stream());
  }

  @SafeVarargs
  private static Stream<Template> present(Optional<Template>... templates) {
    return Stream.of(templates).flatMap(Optional::stream);
  }

  @SafeVarargs
  private static Stream<Template> concat(Stream<Template>... streams) {
    return Stream.of(streams).flatMap(stream -> stream);
  }
}
