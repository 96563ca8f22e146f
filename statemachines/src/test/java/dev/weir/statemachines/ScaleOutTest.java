package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.account.Outbox;
import dev.weir.local.sagemaker.fault.CallFault;
import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.wire.Service;
import dev.weir.states.ExecutionDescription;
import dev.weir.states.ExecutionStatus;
import dev.weir.states.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What scale out leaves behind, beside what its stories tell. */
final class ScaleOutTest {
  private static final String MACHINE = "weir-act-scale-out";
  private static final Duration LONG = Duration.ofHours(2);

  private Trap trap = new Trap(MACHINE);

  /** The endpoint of a story that has been played. */
  private static QueuedEndpoint told(String story) {
    return new QueuedEndpoint(Story.played(ScaleOutStories.all(), story));
  }

  private QueuedEndpoint endpoint() {
    trap = new Trap(MACHINE);
    return QueuedEndpoint.reconciled(trap);
  }

  private QueuedEndpoint bounded() {
    return endpoint().bounds(2, 6);
  }

  /** 150 wait, and as many come as two instances do. */
  private QueuedEndpoint drill() {
    return bounded().remediationAlarm().queue(150, 20);
  }

  // What it is for

  @Test
  void a_queue_of_150_gets_two_instances_and_the_minimum_is_given_back() {
    QueuedEndpoint chat = drill().pass(Duration.ofMinutes(12));
    assertThat(chat.minimum()).isEqualTo(4);
    assertThat(chat.owes()).isTrue();
    chat.pass(LONG);
    assertThat(chat.outcomes()).containsExactly("INTENT(RAISE_MIN)", "SUCCEEDED(SCALED_OUT)");
    assertThat(chat.minimums()).containsExactly(2, 4, 2);
    assertThat(chat.capacities()).containsExactly(4);
    assertThat(chat.instances()).isEqualTo(4);
    assertThat(chat.bounds().path("MaxCapacity").asInt()).isEqualTo(6);
    assertGivenBack(chat);
    assertThat(chat.rig.account.outbox().messages()).isEmpty();
  }

  @Test
  void the_native_policy_alone_gives_two_instances() {
    QueuedEndpoint chat = bounded().nativePolicy().queue(150, 0).pass(LONG);
    assertThat(chat.capacities()).containsExactly(4);
    assertThat(chat.calls()).isEmpty();
  }

  @Test
  void policy_and_machine_together_never_pass_the_maximum_and_never_flap() {
    QueuedEndpoint chat =
        bounded().nativePolicy().remediationAlarm().queue(150, 500).pass(Duration.ofHours(6));
    assertThat(chat.capacities()).isSorted().allMatch(count -> count <= 6);
    assertThat(chat.instances()).isEqualTo(6);
    assertThat(chat.outcomes()).contains("SUPPRESSED(NATIVE_SCALING)", "ESCALATED(AT_MAX)");
    assertGivenBack(chat);
  }

  @Test
  void one_instance_below_the_maximum_gets_one() {
    QueuedEndpoint chat = endpoint().bounds(1, 3).ask().pass(LONG);
    assertThat(chat.capacities()).containsExactly(3);
    assertThat(chat.minimums()).containsExactly(1, 3, 1);
  }

  @Test
  void without_a_scalable_target_instances_are_added_up_to_the_own_limit() {
    QueuedEndpoint chat = endpoint().ask().pass(LONG);
    assertThat(chat.outcome()).isEqualTo("SUCCEEDED(SCALED_OUT)");
    assertThat(chat.instances()).isEqualTo(4);
    chat.ask().pass(LONG);
    assertThat(chat.outcome()).isEqualTo("ESCALATED(AT_MAX)");
    assertThat(chat.instances()).isEqualTo(4);
  }

  // What it leaves alone, and what it gives back

  @Test
  void an_owed_minimum_is_given_back_by_the_reconciler() {
    QueuedEndpoint chat = told("a minimum that is owed");
    assertThat(chat.minimum()).isEqualTo(1);
    assertThat(chat.owes()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"off", "off for everything", "only planned", "frozen", "excluded"})
  void of_an_owed_minimum_that_may_not_be_given_back_people_are_told_once(String why) {
    QueuedEndpoint chat = told(why + " while a minimum is owed");
    assertThat(chat.minimum()).isEqualTo(2);
    assertThat(chat.calls()).isEmpty();
    assertThat(chat.owes()).isTrue();
    assertThat(texts(chat))
        .singleElement()
        .asString()
        .contains("endpoint/chat/variant/AllTraffic", "of 2 instances instead of 1")
        .contains("register-scalable-target", "--min-capacity 1");
    assertThat(chat.rig.account.outbox().opsItems()).hasSize(1);
  }

  @Test
  void when_it_has_been_given_back_they_are_told_of_that_too() {
    QueuedEndpoint chat = told("off while a minimum is owed, and on again");
    assertThat(chat.minimum()).isEqualTo(1);
    assertThat(chat.owes()).isFalse();
    assertThat(texts(chat)).hasSize(2);
    assertThat(texts(chat).getLast())
        .contains("The minimum of endpoint/chat/variant/AllTraffic is 1.")
        .contains("nothing is owed any more");
    assertThat(chat.rig.account.outbox().opsItems()).hasSize(1);
  }

  private static List<String> texts(QueuedEndpoint chat) {
    return chat.rig.account.outbox().messages().stream().map(Outbox.Message::text).toList();
  }

  @Test
  void neither_cooldown_nor_used_up_attempts_of_the_action_keep_a_minimum_raised() {
    QueuedEndpoint chat = bounded().owed();
    ObjectNode lock = (ObjectNode) chat.lock();
    String now = Long.toString(chat.rig.time.instant().getEpochSecond());
    lock.putObject("cooldown:scale-out").put("N", "9999999999");
    for (int i = 0; i < 3; i++) {
      lock.withObject("/attempts:scale-out").withArray("L").addObject().put("N", now);
    }
    chat.rig.put("LOCK", "endpoint/chat", Rig.JSON.convertValue(lock, new TypeReference<>() {}));
    chat.pass(Duration.ofMinutes(10));
    assertThat(chat.minimum()).isEqualTo(1);
    assertThat(chat.owes()).isFalse();
  }

  // What goes wrong while it acts

  @Test
  void without_capacity_it_gives_the_minimum_back() {
    QueuedEndpoint chat = told("no capacity");
    assertThat(chat.instances()).isEqualTo(2);
    assertGivenBack(chat);
  }

  @Test
  void with_a_part_of_the_capacity_it_keeps_what_came() {
    QueuedEndpoint chat = told("a part of the capacity");
    assertThat(chat.instances()).isEqualTo(3);
    assertGivenBack(chat);
    assertThat(told("no target, a part of the capacity").instances()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"no target, no capacity", "no target, no quota"})
  void what_cannot_be_had_is_asked_for_once(String story) {
    assertThat(told(story).calls()).hasSize(1);
  }

  @Test
  void lost_replies_are_found_out_by_looking() {
    for (CallFault fault : List.of(CallFault.LOST_REPLY, CallFault.LOST_REQUEST)) {
      QueuedEndpoint chat = bounded();
      chat.rig.world.add(new Fault(fault, "RegisterScalableTarget", Fault.ANY).times(1));
      chat.ask().pass(LONG);
      assertThat(chat.outcome()).isEqualTo("SUCCEEDED(SCALED_OUT)");
      assertThat(chat.capacities()).containsExactly(4);
      assertGivenBack(chat);
    }
  }

  @Test
  void half_of_all_calls_throttled_do_not_keep_it_from_its_end() {
    QueuedEndpoint chat = bounded();
    chat.rig.world.add(new Fault(CallFault.THROTTLED, Fault.ANY, Fault.ANY).share(0.5));
    chat.ask().pass(LONG.plus(LONG));
    chat.rig.world.clearFaults();
    assertThat(chat.outcomes()).contains("SUCCEEDED(SCALED_OUT)");
    assertThat(chat.capacities()).containsExactly(4);
    assertGivenBack(chat);
  }

  @Test
  void a_run_that_lost_its_lease_stops_and_the_reconciler_gives_the_minimum_back() {
    QueuedEndpoint chat = drill().pass(Duration.ofMinutes(12));
    JsonNode restore = chat.lock().path("restore");
    long now = chat.rig.time.instant().getEpochSecond();
    chat.rig.put(
        "LOCK",
        "endpoint/chat",
        Map.of(
            "owner", Map.of("S", "arn:aws:states:us-east-1:123456789012:execution:weir-guard:else"),
            "fence", Map.of("N", "99"),
            "leaseUntil", Map.of("N", Long.toString(now + 300)),
            "action", Map.of("S", "scale-out"),
            "run", Map.of("S", "0"),
            "incident", Map.of("S", "2026-03-02T08:00:00Z-x"),
            "restore", Rig.JSON.convertValue(restore, Map.class)));
    abort(chat, "weir-guard");
    chat.pass(Duration.ofMinutes(2));
    assertThat(chat.minimum()).isEqualTo(4);
    assertThat(ends(chat)).contains("LEASE_LOST");
    chat.pass(LONG);
    assertGivenBack(chat);
  }

  @Test
  void a_minimum_that_somebody_changed_meanwhile_is_theirs() {
    QueuedEndpoint chat = told("another minimum while it holds");
    assertThat(chat.minimum()).isEqualTo(5);
    assertThat(chat.owes()).isFalse();
  }

  @Test
  void a_minimum_that_cannot_be_lowered_is_escalated_and_tried_again_until_it_is() {
    QueuedEndpoint chat = drill().pass(Duration.ofMinutes(12));
    ScaleOutStories.unheard(chat);
    chat.pass(Duration.ofMinutes(40));
    assertThat(chat.outcomes()).contains("FAILED(MIN_NOT_RESTORED)");
    assertThat(chat.owes()).isTrue();
    chat.pass(Duration.ofHours(6));
    assertGivenBack(chat);
  }

  @Test
  void an_endpoint_deleted_while_it_holds_owes_nothing_more() {
    assertThat(told("deleted while it holds").owes()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a lower maximum than was planned with", "broken since it was planned"})
  void a_world_that_changes_after_the_plan_is_not_acted_on(String story) {
    QueuedEndpoint chat = told(story);
    assertThat(chat.calls()).isEmpty();
    assertThat(chat.owes()).isFalse();
  }

  @Test
  void a_table_that_cannot_be_written_stops_it() {
    QueuedEndpoint chat = drill().pass(Duration.ofMinutes(12));
    chat.rig.cable.fail(
        call -> call.state().equals("Beat"),
        Integer.MAX_VALUE,
        "DynamoDb.InternalServerErrorException",
        "no");
    chat.pass(Duration.ofMinutes(10));
    assertThat(ends(chat)).contains("LOCK_UNREADABLE");
    chat.rig.cable.mend();
    chat.pass(LONG);
    assertGivenBack(chat);
  }

  // The minimum is given back however it ends

  @Test
  void aborted_in_any_state_it_ends_with_the_minimum_given_back() {
    Set<String> aborted = new TreeSet<>();
    for (Consumer<QueuedEndpoint> course : courses()) {
      for (String state : visited(course)) {
        if (aborted.add(state)) {
          for (int millis : new int[] {0, 150}) {
            QueuedEndpoint chat = bounded();
            trap.at(
                state,
                () -> chat.rig.time.after(Duration.ofMillis(millis), () -> abort(chat, MACHINE)));
            course.accept(chat);
            assertSound(chat, "aborted " + millis + " ms after " + state);
          }
        }
      }
    }
    assertThat(aborted)
        .containsExactlyInAnyOrderElementsOf(
            Machines.named(MACHINE).definition().edges().stream()
                .map(edge -> edge.state())
                .distinct()
                .toList());
  }

  @Test
  void a_guard_aborted_in_any_state_leaves_no_minimum_raised() {
    Trap guard = new Trap("weir-guard");
    drilled(QueuedEndpoint.reconciled(guard).bounds(2, 6));
    for (String state : List.copyOf(guard.entered())) {
      Trap at = new Trap("weir-guard");
      QueuedEndpoint chat = QueuedEndpoint.reconciled(at).bounds(2, 6);
      at.at(state, () -> chat.rig.time.after(Duration.ZERO, () -> abort(chat, "weir-guard")));
      drilled(chat);
      assertSound(chat, "guard aborted at " + state);
    }
  }

  @Test
  void any_call_may_fail_on_the_way_once_or_for_an_hour_or_be_lost() {
    List<Tasks.Reply.Failed> errors =
        List.of(
            new Tasks.Reply.Failed("SageMaker.SageMakerException", "Rate exceeded"),
            new Tasks.Reply.Failed("ApplicationAutoScaling.ConcurrentUpdateException", "busy"),
            new Tasks.Reply.Failed(
                "DynamoDb.InternalServerErrorException", "Internal (Status Code: 500)"),
            new Tasks.Reply.Failed("States.TaskFailed", "User is not authorized"));
    for (Consumer<QueuedEndpoint> course :
        List.<Consumer<QueuedEndpoint>>of(this::drilled, this::unbounded)) {
      for (String state : visited(course)) {
        for (Tasks.Reply.Failed error : errors) {
          broken(course, state, 1, Optional.of(error));
          broken(course, state, Integer.MAX_VALUE, Optional.of(error));
        }
        broken(course, state, 1, Optional.empty());
      }
    }
  }

  private void broken(
      Consumer<QueuedEndpoint> course,
      String state,
      int times,
      Optional<Tasks.Reply.Failed> error) {
    QueuedEndpoint chat = bounded();
    AtomicInteger calls = new AtomicInteger();
    Predicate<Tasks.Call> which =
        call ->
            call.executionArn().contains(MACHINE)
                && call.state().equals(state)
                && calls.getAndIncrement() >= 3;
    error.ifPresentOrElse(
        failed -> chat.rig.cable.fail(which, times, failed.error(), failed.cause()),
        () -> chat.rig.cable.lose(which, times));
    chat.rig.time.after(Duration.ofHours(1), chat.rig.cable::mend);
    course.accept(chat);
    assertSound(chat, state + " " + times + " times " + error);
  }

  /** Ways through the machine that together enter every state. */
  private List<Consumer<QueuedEndpoint>> courses() {
    List<Consumer<QueuedEndpoint>> courses = new ArrayList<>();
    courses.add(this::drilled);
    courses.add(this::unbounded);
    courses.add(chat -> {
      chat.rig.world.add(
          new Fault(Course.NO_CAPACITY, QueuedEndpoint.RESCALE, "chat")
              .until(Rig.START.plus(LONG)));
      drilled(chat);
    });
    courses.add(chat -> {
      chat.owed();
      drilled(chat);
    });
    courses.add(chat -> {
      chat.rig.world.add(
          new Fault(CallFault.INTERNAL, "RegisterScalableTarget", Fault.ANY)
              .until(Rig.START.plus(LONG)));
      drilled(chat);
    });
    courses.add(chat -> {
      chat.rig.time.after(Duration.ofMinutes(12), () -> ScaleOutStories.unheard(chat));
      drilled(chat);
    });
    courses.add(chat -> {
      chat.rig.cable.fail(
          call -> call.state().equals("Beat"), 60, "DynamoDb.InternalServerErrorException", "no");
      drilled(chat);
    });
    courses.add(chat -> {
      chat.rig.put("chat", "{'EndpointStatus':'Updating'}");
      chat.ask().pass(Duration.ofMinutes(2));
      chat.counts(2);
      drilled(chat);
    });
    courses.add(chat -> {
      chat.rig.cable.fail(
          MACHINE,
          "Look",
          5,
          "SageMaker.SageMakerException",
          "User is not authorized to perform this action");
      chat.ask();
      drilled(chat);
    });
    return courses;
  }

  private void drilled(QueuedEndpoint chat) {
    chat.remediationAlarm().queue(150, 20).pass(Duration.ofHours(6));
  }

  private void unbounded(QueuedEndpoint chat) {
    chat.rig.call(
        Service.AUTO_SCALING,
        "DeregisterScalableTarget",
        "{'ServiceNamespace':'sagemaker','ResourceId':'endpoint/chat/variant/AllTraffic','ScalableDimension':'sagemaker:variant:DesiredInstanceCount'}");
    chat.ask().pass(Duration.ofHours(6));
  }

  private List<String> visited(Consumer<QueuedEndpoint> course) {
    QueuedEndpoint chat = bounded();
    course.accept(chat);
    return List.copyOf(trap.entered());
  }

  private static void abort(QueuedEndpoint chat, String machine) {
    running(chat, machine)
        .forEach(arn ->
            chat.rig.account.machines().stopExecution(arn, Optional.empty(), Optional.empty()));
  }

  private static List<String> running(QueuedEndpoint chat, String machine) {
    return chat
        .rig
        .account
        .machines()
        .listExecutions(
            "arn:aws:states:us-east-1:123456789012:stateMachine:" + machine,
            Optional.of(ExecutionStatus.RUNNING))
        .stream()
        .map(ExecutionDescription::executionArn)
        .toList();
  }

  /** What the machine's executions said at their end. */
  private static String ends(QueuedEndpoint chat) {
    return chat.rig
        .account
        .machines()
        .listExecutions(
            "arn:aws:states:us-east-1:123456789012:stateMachine:" + MACHINE,
            Optional.of(ExecutionStatus.SUCCEEDED))
        .toString();
  }

  private static void assertGivenBack(QueuedEndpoint chat) {
    assertThat(chat.minimum()).isEqualTo(2);
    assertThat(chat.owes()).isFalse();
    assertThat(chat.lock().has("owner")).isFalse();
  }

  private static void assertSound(QueuedEndpoint chat, String how) {
    assertThat(chat.owes()).as(how).isFalse();
    assertThat(chat.lock().has("owner")).as(how).isFalse();
    assertThat(chat.minimum()).as(how).isLessThanOrEqualTo(2);
    assertThat(chat.capacities()).as(how).isSorted().allMatch(count -> count <= 6);
    assertThat(chat.instances()).as(how).isBetween(2, 6);
  }
}
