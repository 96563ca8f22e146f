package dev.weir.states;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.time.VirtualScheduler;
import dev.weir.states.Tasks.Reply;
import dev.weir.states.definition.Definition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many executions of one machine with every kind of state, under random faults, on virtual time.
 */
class StormTest {
  private static final String MACHINE =
      """
      {"QueryLanguage":"JSONata","TimeoutSeconds":900,"StartAt":"Init","States":{
        "Init":{"Type":"Pass","Assign":{"n":0,"limit":"{% $states.input.limit %}"},"Next":"Lock"},
        "Lock":{"Type":"Task","Resource":"arn:aws:states:::dynamodb:updateItem","Arguments":{"Key":"{% $states.input.key %}"},
          "TimeoutSeconds":20,
          "Retry":[{"ErrorEquals":["Throttled","States.Timeout"],"IntervalSeconds":1,"MaxAttempts":2,"BackoffRate":2,"JitterStrategy":"FULL"}],
          "Catch":[{"ErrorEquals":["Busy"],"Next":"Suppressed"},{"ErrorEquals":["States.ALL"],"Assign":{"why":"{% $states.errorOutput.Error %}"},"Next":"Escalate"}],
          "Next":"Sweep"},
        "Sweep":{"Type":"Map","Items":"{% $range(1, $limit, 1) ~> $append([]) %}","MaxConcurrency":3,
          "ItemSelector":{"i":"{% $states.context.Map.Item.Index %}"},
          "ItemProcessor":{"StartAt":"Stop","States":{
            "Stop":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sagemaker:stopNotebookInstance","TimeoutSeconds":30,
              "Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":1}],
              "Catch":[{"ErrorEquals":["States.TaskFailed"],"Output":{"failed":true},"Next":"Noted"}],"Next":"Noted"},
            "Noted":{"Type":"Pass","Assign":{"mine":"{% $n %}"},"End":true}}},
          "Retry":[{"ErrorEquals":["States.Timeout"],"MaxAttempts":1}],
          "Catch":[{"ErrorEquals":["States.ALL"],"Next":"Escalate"}],
          "Next":"Both"},
        "Both":{"Type":"Parallel","Branches":[
            {"StartAt":"Approve","States":{"Approve":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
              "Arguments":{"token":"{% $states.context.Task.Token %}"},"TimeoutSeconds":60,"HeartbeatSeconds":20,"End":true}}},
            {"StartAt":"Settle","States":{"Settle":{"Type":"Wait","Seconds":5,"Next":"Probe"},
              "Probe":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sagemaker:describeEndpoint","TimeoutSeconds":10,"End":true}}}],
          "Catch":[{"ErrorEquals":["States.HeartbeatTimeout"],"Next":"Again"},{"ErrorEquals":["States.ALL"],"Next":"Escalate"}],
          "Output":"{% $states.input %}","Next":"Again"},
        "Again":{"Type":"Choice","Choices":[{"Condition":"{% $n < 2 %}","Assign":{"n":"{% $n + 1 %}"},"Output":{"key":"k"},"Next":"Pause"}],"Default":"Done"},
        "Pause":{"Type":"Wait","Seconds":1,"Next":"Both"},
        "Suppressed":{"Type":"Succeed"},
        "Escalate":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","TimeoutSeconds":5,
          "Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":2,"IntervalSeconds":1}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"Lost"}],"Next":"Done"},
        "Lost":{"Type":"Fail","Error":"EscalationLost"},
        "Done":{"Type":"Succeed"}}}
      """;

  /** Replies drawn from a seed: late, failed, lost, or a token answered now and then. */
  private static final class Faults implements Tasks {
    private static final List<String> ERRORS =
        List.of("Throttled", "Busy", "Other", "States.Permissions");
    private final VirtualScheduler clock;
    private final Random random;
    private final double rate;
    private Optional<StateMachines> machines = Optional.empty();
    private long calls;

    Faults(VirtualScheduler clock, long seed, double rate) {
      this.clock = clock;
      this.random = new Random(seed);
      this.rate = rate;
    }

    @Override
    public void call(Call call, Consumer<Reply> reply) {
      calls++;
      Reply answer =
          random.nextDouble() >= rate
              ? new Reply.Done(call.arguments())
              : random.nextInt(4) == 0
                  ? new Reply.Lost()
                  : new Reply.Failed(ERRORS.get(random.nextInt(ERRORS.size())), "drawn");
      clock.after(Duration.ofMillis(random.nextInt(15_000)), () -> reply.accept(answer));
      call.taskToken().ifPresent(this::answerOnceInAWhile);
    }

    private void answerOnceInAWhile(String token) {
      int what = random.nextInt(10);
      clock.after(Duration.ofSeconds(random.nextInt(25)), () -> answer(token, what));
    }

    private void answer(String token, int what) {
      try {
        StateMachines open = machines.orElseThrow();
        if (what < 5) {
          open.sendTaskSuccess(token, "{}");
        } else if (what < 7) {
          open.sendTaskFailure(token, Optional.of("Denied"), Optional.empty());
        } else if (what < 9) {
          open.sendTaskHeartbeat(token);
          answerOnceInAWhile(token);
        }
      } catch (StatesException late) {
        assertThat(late.code()).isEqualTo("TaskTimedOut");
      }
    }
  }

  private record Storm(
      CoverageTable coverage,
      StateMachines machines,
      List<String> arns,
      long calls,
      VirtualScheduler clock) {}

  private static Storm storm(long seed, int executions, double rate) {
    VirtualScheduler clock = new VirtualScheduler(Lab.START, seed);
    Faults faults = new Faults(clock, seed, rate);
    CoverageTable coverage = new CoverageTable(Map.of("m", Definition.read(MACHINE)));
    StateMachines machines = new StateMachines(clock, faults, coverage, "eu-west-1", "0", seed);
    faults.machines = Optional.of(machines);
    String machine = machines.createStateMachine("m", MACHINE, "r");
    Random random = new Random(seed);
    List<String> arns = new ArrayList<>();
    for (int i = 0; i < executions; i++) {
      String input = "{\"key\":\"k%d\",\"limit\":%d}".formatted(i % 7, 1 + random.nextInt(5));
      String arn = machines.startExecution(machine, Optional.of("e" + i), input).executionArn();
      arns.add(arn);
      if (random.nextInt(20) == 0) {
        clock.after(
            Duration.ofSeconds(random.nextInt(60)),
            () -> machines.stopExecution(arn, Optional.of("Stopped"), Optional.empty()));
      }
    }
    clock.run();
    return new Storm(coverage, machines, arns, faults.calls, clock);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatever_fails_every_execution_ends_and_its_history_is_whole(long seed) {
    Storm storm = storm(seed, 200, seed * 0.15);

    for (String arn : storm.arns()) {
      ExecutionDescription ended = storm.machines().describeExecution(arn);
      assertThat(ended.status()).isNotEqualTo(ExecutionStatus.RUNNING);
      assertThat(ended.error()).isNotEqualTo(Optional.of("States.Runtime"));
      assertWhole(storm.machines().getExecutionHistory(arn), ended);
    }
  }

  @Test
  void the_same_seed_gives_the_same_histories() {
    assertThat(histories(storm(7, 100, 0.4))).isEqualTo(histories(storm(7, 100, 0.4)));
  }

  @Test
  void another_seed_gives_other_histories() {
    assertThat(histories(storm(7, 100, 0.4))).isNotEqualTo(histories(storm(8, 100, 0.4)));
  }

  @Test
  void ten_thousand_executions_take_every_edge_of_the_machine() {
    long started = System.nanoTime();
    Storm storm = storm(11, 10_000, 0.3);
    Duration took = Duration.ofNanos(System.nanoTime() - started);

    long events =
        storm.arns().stream()
            .mapToLong(arn -> storm.machines().getExecutionHistory(arn).size())
            .sum();
    System.out.printf(
        "10,000 executions: %,d events, %,d calls, %s of virtual time in %.1f s%n%s%n",
        events,
        storm.calls(),
        Duration.between(Lab.START, storm.clock().instant()),
        took.toMillis() / 1000.0,
        storm.coverage().table());
    assertThat(storm.coverage().missed()).isEmpty();
  }

  @Test
  void a_coverage_table_tells_what_was_missed() {
    Storm storm = storm(1, 3, 0);

    assertThat(storm.coverage().missed()).contains("m: Lock catch 0", "m: Lost entered");
    assertThat(storm.coverage().table()).startsWith("m ").contains("edges; rarest");
  }

  private static List<List<JsonNode>> histories(Storm storm) {
    List<List<JsonNode>> histories = new ArrayList<>();
    for (String arn : storm.arns()) {
      List<JsonNode> history = new ArrayList<>();
      storm.machines().getExecutionHistory(arn).forEach(event -> history.add(event.toJson()));
      histories.add(history);
    }
    return histories;
  }

  /**
   * Ids have no gaps, every event follows an earlier one, time never goes back, one event ends it,
   * and unless it was cut off from outside whatever was entered was left, aborted or failed.
   */
  private static void assertWhole(List<HistoryEvent> events, ExecutionDescription ended) {
    Set<String> ends =
        Set.of("ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut");
    Map<String, Integer> open = new HashMap<>();
    Set<Long> exited = new HashSet<>();
    for (int i = 0; i < events.size(); i++) {
      HistoryEvent event = events.get(i);
      assertThat(event.id()).isEqualTo(i + 1L);
      assertThat(event.previousEventId()).isLessThan(event.id());
      assertThat(event.timestamp()).isAfterOrEqualTo(events.get(Math.max(0, i - 1)).timestamp());
      assertThat(ends.contains(event.type())).isEqualTo(i == events.size() - 1);
      String type = event.type();
      if (type.endsWith("StateEntered")) {
        open.merge(type.replace("StateEntered", ""), 1, Integer::sum);
      } else if (type.endsWith("StateExited") || type.endsWith("StateAborted")) {
        open.merge(type.replaceAll("State(Exited|Aborted)", ""), -1, Integer::sum);
        exited.add(event.previousEventId());
      }
    }
    boolean cutOff =
        ended.status() == ExecutionStatus.ABORTED || ended.status() == ExecutionStatus.TIMED_OUT;
    if (!cutOff) {
      int failed = ended.status() == ExecutionStatus.FAILED ? 1 : 0;
      assertThat(open.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(failed);
    }
    assertThat(open.values()).allMatch(count -> count >= 0);
    assertThat(exited).isNotEmpty();
  }
}
