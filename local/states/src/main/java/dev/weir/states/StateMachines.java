package dev.weir.states;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.local.time.Scheduler;
import dev.weir.states.definition.Definition;
import dev.weir.states.definition.InvalidDefinitionException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The control plane of standard workflows: creates machines, starts, describes and stops
 * executions, and takes the answers that tasks wait for. Safe for threads as far as its scheduler
 * is.
 *
 * <p>Every refusal is a {@link StatesException} with the API's name for it (API reference).
 */
public final class StateMachines {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Engine engine;
  private final String arnPrefix;
  private final long seed;
  private final Random random;
  private final Map<String, Machine> machines = new LinkedHashMap<>();
  private final Runs runs;
  private final Consumer<ExecutionDescription> started;

  /**
   * @param seed of ids, jitter and the random functions of expressions; an execution's own draws
   *     depend on it and on the execution's name only
   */
  public StateMachines(
      Scheduler scheduler,
      Tasks tasks,
      Coverage coverage,
      String region,
      String account,
      long seed) {
    this(scheduler, tasks, coverage, region, account, seed, Links.NONE);
  }

  /**
   * What ties executions to what is around them.
   *
   * @param network lies before every task, those that start executions here included
   * @param started hears of every execution that begins
   * @param ended hears of every execution that has ended
   * @param kept how many executions are kept after their end, at least 1; of older ones only the
   *     name is
   */
  public record Links(
      UnaryOperator<Tasks> network,
      Consumer<ExecutionDescription> started,
      Consumer<ExecutionDescription> ended,
      int kept) {

    static final Links NONE = keeping(Integer.MAX_VALUE);

    static Links keeping(int kept) {
      return new Links(UnaryOperator.identity(), _ -> {}, _ -> {}, kept);
    }
  }

  /**
   * @param seed of ids, jitter and the random functions of expressions; an execution's own draws
   *     depend on it and on the execution's name only
   */
  public StateMachines(
      Scheduler scheduler,
      Tasks tasks,
      Coverage coverage,
      String region,
      String account,
      long seed,
      Links links) {
    runs = new Runs(scheduler, links.kept());
    started = links.started();
    engine =
        new Engine(
            scheduler,
            links.network().apply(new NestedExecutions(this, tasks)),
            coverage,
            new TaskTokens(),
            region,
            execution -> {
              runs.ended(execution.executionArn());
              links.ended().accept(execution);
            });
    arnPrefix = "arn:aws:states:" + region + ":" + account + ":";
    this.seed = seed;
    random = new Random(seed);
  }

  /**
   * Creates a machine and returns its ARN; the same request again returns the same.
   *
   * @throws StatesException InvalidName, InvalidDefinition or StateMachineAlreadyExists
   */
  public String createStateMachine(String name, String definition, String roleArn) {
    return createStateMachine(name, definition, read(definition), roleArn);
  }

  /**
   * The same with a definition that is read already, which many control planes can share.
   *
   * @throws StatesException InvalidName or StateMachineAlreadyExists
   */
  public String createStateMachine(
      String name, String definition, Definition read, String roleArn) {
    return call(() -> {
      String arn = arnPrefix + "stateMachine:" + Names.checked(name);
      Machine machine = new Machine(arn, name, roleArn, definition, read);
      Machine before = machines.putIfAbsent(arn, machine);
      if (before != null
          && !(before.json().equals(definition) && before.roleArn().equals(roleArn))) {
        throw new StatesException(
            "StateMachineAlreadyExists", "State Machine Already Exists: '" + arn + "'");
      }
      return arn;
    });
  }

  /**
   * Starts an execution. While one of that name runs, the same name and input return it.
   *
   * @param name drawn if none is given
   * @param input JSON text of at most 256 KiB
   * @throws StatesException StateMachineDoesNotExist, InvalidName, InvalidExecutionInput or
   *     ExecutionAlreadyExists
   */
  public ExecutionDescription startExecution(
      String stateMachineArn, Optional<String> name, String input) {
    return call(() -> {
      Machine machine = machine(stateMachineArn);
      String checked = Names.checked(name.orElseGet(this::drawName));
      JsonNode parsed = input(input);
      String arn = arnPrefix + "execution:" + machine.name() + ":" + checked;
      if (runs.free(arn)) {
        return start(machine, checked, arn, parsed).execution().describe();
      }
      return runs.find(arn)
          .map(Run::execution)
          .filter(execution -> execution.end().isEmpty() && execution.input().equals(parsed))
          .orElseThrow(() ->
              new StatesException(
                  "ExecutionAlreadyExists", "Execution Already Exists: '" + arn + "'"))
          .describe();
    });
  }

  /**
   * What is known of an execution.
   *
   * @throws StatesException ExecutionDoesNotExist
   */
  public ExecutionDescription describeExecution(String executionArn) {
    return call(() -> run(executionArn).execution().describe());
  }

  /**
   * All events of an execution, oldest first.
   *
   * @throws StatesException ExecutionDoesNotExist
   */
  public List<HistoryEvent> getExecutionHistory(String executionArn) {
    return call(() -> run(executionArn).history().events());
  }

  /**
   * Stops an execution and returns when it stopped; one that has ended stays as it is.
   *
   * @throws StatesException ExecutionDoesNotExist
   */
  public Instant stopExecution(
      String executionArn, Optional<String> error, Optional<String> cause) {
    return call(() -> {
      Run run = run(executionArn);
      if (run.execution().end().isEmpty()) {
        run.stop(ExecutionStatus.ABORTED, Optional.of(new Failure(error, cause, false)));
      }
      return run.execution().end().orElseThrow().stopDate();
    });
  }

  /**
   * The executions of a machine, newest first.
   *
   * @throws StatesException StateMachineDoesNotExist
   */
  public List<ExecutionDescription> listExecutions(
      String stateMachineArn, Optional<ExecutionStatus> status) {
    return call(() -> {
      String arn = machine(stateMachineArn).arn();
      List<ExecutionDescription> found = new ArrayList<>();
      for (Run run : runs.all()) {
        ExecutionDescription execution = run.execution().describe();
        if (execution.stateMachineArn().equals(arn)
            && status.map(execution.status()::equals).orElse(true)) {
          found.add(execution);
        }
      }
      Collections.reverse(found);
      return found;
    });
  }

  /**
   * Ends a task that waits for the token.
   *
   * @param output JSON text of at most 256 KiB
   * @throws StatesException InvalidToken, TaskTimedOut (the task no longer waits) or InvalidOutput
   */
  public void sendTaskSuccess(String taskToken, String output) {
    answer(
        taskToken, attempt -> attempt.success(parse(output, "InvalidOutput", "Invalid Output: ")));
  }

  /**
   * Fails a task that waits for the token.
   *
   * @throws StatesException InvalidToken or TaskTimedOut
   */
  public void sendTaskFailure(String taskToken, Optional<String> error, Optional<String> cause) {
    answer(taskToken, attempt -> attempt.failure(new Failure(error, cause, false)));
  }

  /**
   * Tells that a task is still at work; starts its HeartbeatSeconds anew.
   *
   * @throws StatesException InvalidToken or TaskTimedOut
   */
  public void sendTaskHeartbeat(String taskToken) {
    answer(taskToken, TaskAttempt::heartbeat);
  }

  private <T> T call(Supplier<T> request) {
    return engine.scheduler().call(request);
  }

  private void answer(String token, Consumer<TaskAttempt> answer) {
    call(() -> {
      TaskAttempt attempt = engine.tokens().waiting(token).orElseThrow(() -> notWaiting(token));
      answer.accept(attempt);
      return attempt;
    });
  }

  private StatesException notWaiting(String token) {
    boolean issued = TaskTokens.issuer(token).filter(runs::issued).isPresent();
    return issued
        ? new StatesException(
            "TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
        : new StatesException("InvalidToken", "Invalid Token: 'Invalid token'");
  }

  private Run start(Machine machine, String name, String arn, JsonNode input) {
    Instant now = engine.scheduler().instant();
    History history = new History(engine.scheduler());
    Execution execution = new Execution(arn, name, machine, input, now, history);
    Run run = new Run(execution, engine, new Random(31 * seed + arn.hashCode()));
    runs.add(arn, run);
    started.accept(execution.describe());
    run.start();
    return run;
  }

  private Machine machine(String arn) {
    return Optional.ofNullable(machines.get(arn))
        .orElseThrow(() ->
            new StatesException(
                "StateMachineDoesNotExist", "State Machine Does Not Exist: '" + arn + "'"));
  }

  private Run run(String arn) {
    return runs.find(arn)
        .orElseThrow(() ->
            new StatesException(
                "ExecutionDoesNotExist", "Execution Does Not Exist: '" + arn + "'"));
  }

  private String drawName() {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  private static Definition read(String definition) {
    try {
      return Definition.read(definition);
    } catch (InvalidDefinitionException e) {
      throw new StatesException("InvalidDefinition", String.valueOf(e.getMessage()));
    }
  }

  private static JsonNode input(String text) {
    return parse(text, "InvalidExecutionInput", "Invalid State Machine Execution Input: ");
  }

  private static JsonNode parse(String text, String code, String what) {
    try {
      JsonNode parsed = JSON.readTree(text);
      if (!parsed.isMissingNode() && !Payload.tooLarge(parsed)) {
        return parsed;
      }
      throw new StatesException(code, what + "'no JSON of at most 262144 bytes'");
    } catch (JsonProcessingException e) {
      throw new StatesException(code, what + "'" + e.getOriginalMessage() + "'");
    }
  }
}
