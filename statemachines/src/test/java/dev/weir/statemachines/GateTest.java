package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.account.Outbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How much of a fleet may be touched at a time: counted for each action, but for what is unwell.
 */
final class GateTest {
  private static final String RESTART = "restart-endpoint";
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Rig rig = new Rig(1, (_, _) -> {}, machines());

  @BeforeEach
  void actionsAreOn() {
    rig.mode("scripted", "auto");
    rig.mode("other", "auto");
    rig.mode(RESTART, "auto");
  }

  /** All, and another action that does as it is told. */
  private static List<Machines.Machine> machines() {
    Machines.Machine scripted = Machines.named("weir-act-scripted");
    return Stream.concat(
            Machines.all().stream(),
            Stream.of(
                new Machines.Machine("weir-act-other", scripted.text(), scripted.definition())))
        .toList();
  }

  @Test
  void what_one_action_has_started_leaves_the_others_their_hour() {
    limits("scripted", Map.of("inFlight", 20, "perHour", 20));
    endpoint("chat");
    fleet(20);
    begin(0, 20, Duration.ofMinutes(5));
    rig.time.advance(MINUTE.multipliedBy(15));
    assertThat(intents("scripted")).hasSize(20);

    fail("chat");
    rig.time.advance(MINUTE.multipliedBy(20));
    assertThat(of("chat")).containsExactly("INTENT(REPLACE)", "SUCCEEDED(REPLACE)");
    assertThat(rig.outcomes()).doesNotContain("ESCALATED(STORM)", "SUPPRESSED(STORM)");
  }

  @Test
  void what_is_in_flight_by_design_is_neither_unwell_nor_in_anothers_way() {
    limits("scripted", Map.of("inFlight", 20, "perHour", 20));
    endpoint("chat");
    fleet(20);
    begin(0, 20, Duration.ofHours(2));
    rig.time.advance(MINUTE);
    fail("chat");
    rig.time.advance(MINUTE.multipliedBy(20));
    assertThat(of("chat")).containsExactly("INTENT(REPLACE)", "SUCCEEDED(REPLACE)");
    assertThat(rig.outcomes()).doesNotContain("SUCCEEDED()");
  }

  @Test
  void what_is_under_repair_counts_as_unwell_though_it_looks_well_again() {
    for (int i = 0; i < 3; i++) {
      endpoint("chat-" + i);
    }
    rig.put(
        "GATE",
        "endpoint",
        Map.of(
            "version", Map.of("N", "2"),
            "inFlight", Map.of("M", Map.of("a", repaired("chat-0"), "b", repaired("chat-1")))));
    fail("chat-2");
    rig.time.advance(MINUTE.multipliedBy(5));
    assertThat(of("chat-2")).containsExactly("ESCALATED(STORM)");
  }

  @Test
  void where_many_are_unwell_no_action_starts_and_people_are_told_once() {
    fleet(10);
    unwell(4);
    begin(5, 8, MINUTE);
    rig.time.advance(MINUTE);
    rig.remedy(RESTART, "endpoint", "target", told("chat-part-1", MINUTE));
    rig.time.advance(MINUTE);
    assertThat(rig.outcomes())
        .containsOnly("ESCALATED(STORM)", "SUPPRESSED(STORM)")
        .containsOnlyOnce("ESCALATED(STORM)");
    assertThat(messages())
        .singleElement()
        .asString()
        .contains("chat-part-0", "chat-part-1", "chat-part-2", "chat-part-3", "(STORM)");
    new Invariants(rig).everyIncidentToldCanBeLookedUp();
  }

  @Test
  void a_storm_is_told_of_though_the_reply_to_its_mark_is_lost() {
    fleet(4);
    unwell(4);
    rig.cable.lose(call -> call.state().equals("Storm"), 1);
    begin(0, 1, MINUTE);
    rig.time.advance(MINUTE);
    assertThat(messages()).hasSize(1);
  }

  @Test
  void who_told_of_a_storm_is_helped_when_it_is_over() {
    fleet(4);
    unwell(3);
    begin(0, 1, MINUTE);
    rig.time.advance(MINUTE.multipliedBy(16));
    for (int i = 0; i < 3; i++) {
      rig.put("chat-part-" + i, "{'EndpointStatus':'InService'}");
    }
    begin(0, 1, MINUTE);
    rig.time.advance(MINUTE.multipliedBy(3));
    assertThat(of("chat-part-0"))
        .containsExactlyInAnyOrder("ESCALATED(STORM)", "INTENT(R)", "SUCCEEDED()");
  }

  @Test
  void of_many_that_fail_at_once_people_are_told_and_not_asked_of_each() {
    List<JsonNode> asked = asked();
    fleet(10);
    unwell(8);
    IntStream.range(0, 8).forEach(this::ask);
    rig.time.advance(MINUTE.multipliedBy(70));
    assertThat(asked).isEmpty();
    assertThat(rig.outcomes())
        .hasSize(8)
        .containsOnly("ESCALATED(STORM)", "SUPPRESSED(STORM)")
        .containsOnlyOnce("ESCALATED(STORM)");
    assertThat(messages()).singleElement().asString().contains("chat-part-0", "chat-part-7");
  }

  @Test
  void what_was_approved_before_many_failed_is_not_touched() {
    fleet(10);
    unwell(1);
    rig.approver =
        request -> {
          unwell(8);
          GuardStories.approve(rig, request);
        };
    ask(0);
    rig.time.advance(MINUTE);
    assertThat(of("chat-part-0")).containsExactly("ESCALATED(STORM)");
  }

  @Test
  void nobody_is_asked_what_the_hour_has_no_start_left_for() {
    List<JsonNode> asked = asked();
    limits("scripted", Map.of("perHour", 1));
    fleet(10);
    begin(0, 1, MINUTE);
    rig.time.advance(MINUTE.multipliedBy(3));
    ask(1);
    rig.time.advance(MINUTE);
    assertThat(of("chat-part-1")).containsExactly("ESCALATED(PER_HOUR)");
    assertThat(asked).isEmpty();
  }

  @Test
  void who_waits_for_people_takes_no_place_and_needs_none() {
    List<JsonNode> asked = asked();
    limits("scripted", Map.of("inFlight", 1));
    fleet(10);
    begin(0, 1, MINUTE.multipliedBy(5));
    rig.time.advance(MINUTE);
    ask(1);
    ask(2);
    rig.time.advance(MINUTE.multipliedBy(5));
    assertThat(asked).hasSize(2);
    GuardStories.approve(rig, asked.getFirst());
    rig.time.advance(MINUTE.multipliedBy(2));
    assertThat(intents("scripted")).hasSize(2);
  }

  @Test
  void a_used_up_hour_is_told_once_and_holds_its_own_action_only() {
    limits("scripted", Map.of("inFlight", 20, "perHour", 3));
    fleet(20);
    begin(0, 10, Duration.ofMinutes(1));
    rig.time.advance(MINUTE.multipliedBy(3));
    assertThat(intents("scripted")).hasSize(3);
    assertThat(rig.outcomes()).containsOnlyOnce("ESCALATED(PER_HOUR)");
    assertThat(messages())
        .singleElement()
        .asString()
        .contains("Already 3 starts of scripted within an hour", "(PER_HOUR)");
    new Invariants(rig).everyIncidentToldCanBeLookedUp();

    for (int i = 0; i < 4; i++) {
      rig.time.advance(MINUTE.multipliedBy(16));
      begin(i == 3 ? 11 : 10, i == 3 ? 12 : 11, MINUTE);
    }
    rig.time.advance(MINUTE);
    assertThat(messages()).as("while it lasts").hasSize(1);
    assertThat(intents("scripted")).as("an hour later").hasSize(4);
  }

  @Test
  void that_what_is_unwell_has_to_wait_reaches_those_on_call() {
    limits(RESTART, Map.of("perHour", 1));
    for (String name : List.of("chat", "chat-1")) {
      endpoint(name);
    }
    fleet(10);
    fail("chat");
    rig.time.advance(MINUTE.multipliedBy(25));
    fail("chat-1");
    rig.time.advance(MINUTE.multipliedBy(5));
    assertThat(of("chat-1")).containsExactly("ESCALATED(PER_HOUR)");
    assertThat(rig.account.outbox().messages())
        .filteredOn(message -> message.text().contains("(PER_HOUR)"))
        .extracting(Outbox.Message::subject)
        .singleElement()
        .asString()
        .startsWith("Weir CRITICAL:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"perHour", "inFlight", "unhealthyPercent"})
  void a_limit_of_nought_holds_its_own_action_back_and_no_other(String limit) {
    limits("scripted", Map.of(limit, 0));
    endpoint("chat");
    fleet(3);
    begin(0, 3, MINUTE);
    rig.time.advance(MINUTE);
    assertThat(rig.outcomes()).containsOnly("SUPPRESSED(HELD)");
    assertThat(messages()).isEmpty();

    fail("chat");
    rig.time.advance(MINUTE.multipliedBy(20));
    assertThat(of("chat")).containsExactly("INTENT(REPLACE)", "SUCCEEDED(REPLACE)");
  }

  @Test
  void fewer_in_flight_are_no_reason_to_call_fewer_unwell_a_storm() {
    limits("scripted", Map.of("inFlight", 1));
    fleet(3);
    unwell(2);
    begin(0, 2, Duration.ofMinutes(5));
    rig.time.advance(MINUTE);
    assertThat(rig.outcomes()).containsExactlyInAnyOrder("INTENT(R)", "SUPPRESSED(IN_FLIGHT)");
  }

  @Test
  void what_is_counted_apart_has_limits_of_its_own() {
    limits("scripted", Map.of("perHour", 0));
    fleet(3);
    ObjectNode restore =
        Rig.json(
            "{'action':'scripted','counter':'restore','kind':'endpoint','dimension':'target','limits':{'inFlight':1}}");
    for (int i = 0; i < 2; i++) {
      restore.set("event", told("chat-part-" + i, Duration.ofMinutes(10)));
      rig.start("guard", restore.deepCopy());
    }
    rig.time.advance(MINUTE);
    assertThat(rig.outcomes()).containsExactlyInAnyOrder("INTENT(R)", "SUPPRESSED(IN_FLIGHT)");
    assertThat(gate().at("/starts:restore/L")).hasSize(1);
  }

  @Test
  void what_is_held_back_can_be_planned_dry() {
    limits("scripted", Map.of("perHour", 0), "dry-run");
    fleet(1);
    begin(0, 1, MINUTE);
    rig.time.advance(MINUTE);
    assertThat(rig.outcomes()).containsExactly("PLANNED(DRY_RUN)");
  }

  @Test
  void two_actions_at_one_instant_get_their_own_places_and_no_more() {
    limits("scripted", Map.of("inFlight", 3, "perHour", 3));
    limits("other", Map.of("inFlight", 2, "perHour", 2));
    fleet(40);
    for (int i = 0; i < 10; i++) {
      begin("scripted", "chat-part-" + i, Duration.ofHours(1));
      begin("other", "chat-part-" + (20 + i), Duration.ofHours(1));
    }
    most("scripted", 3, "other", 2);
  }

  @Test
  void a_limit_that_is_lowered_holds_at_once_and_one_that_is_raised_lets_go_at_once() {
    limits("scripted", Map.of("inFlight", 20, "perHour", 8));
    fleet(40);
    begin(0, 5, Duration.ofMinutes(20));
    rig.time.advance(MINUTE);
    assertThat(intents("scripted")).hasSize(5);

    limits("scripted", Map.of("inFlight", 20, "perHour", 2));
    begin(5, 8, MINUTE);
    rig.time.advance(MINUTE);
    assertThat(intents("scripted")).as("lowered").hasSize(5);

    limits("scripted", Map.of("inFlight", 20, "perHour", 8));
    begin(5, 9, MINUTE);
    rig.time.advance(MINUTE);
    assertThat(intents("scripted")).as("raised").hasSize(8);

    limits("scripted", Map.of("inFlight", 3, "perHour", 100));
    begin(10, 12, MINUTE);
    rig.time.advance(MINUTE);
    assertThat(intents("scripted")).as("too many in flight").hasSize(8);
    assertThat(of("chat-part-10")).containsExactly("SUPPRESSED(IN_FLIGHT)");

    rig.time.advance(MINUTE.multipliedBy(25));
    begin(12, 13, MINUTE);
    rig.time.advance(MINUTE.multipliedBy(2));
    assertThat(of("chat-part-12")).as("they have ended").contains("SUCCEEDED()");
    assertThat(gate().path("inFlight").path("M")).isEmpty();
  }

  @Test
  void a_row_of_the_former_version_is_taken_over() {
    List<Map<String, String>> starts =
        IntStream.range(0, 20).mapToObj(i -> Map.of("N", "" + (now() - i))).toList();
    rig.put(
        "GATE",
        "endpoint",
        Map.of(
            "version", Map.of("N", "41"),
            "starts", Map.of("L", starts),
            "inFlight",
                Map.of(
                    "M",
                    Map.of(
                        "former",
                        Map.of(
                            "M",
                            Map.of(
                                "name", Map.of("S", "chat-part-9"),
                                "until", Map.of("N", "" + (now() + 9000))))))));
    fleet(10);
    begin(0, 2, Duration.ofMinutes(10));
    rig.time.advance(MINUTE);
    assertThat(intents("scripted")).as("one of the two places is taken").hasSize(1);
    assertThat(gate().path("inFlight").path("M").has("former")).isTrue();
    assertThat(gate().has("starts")).isFalse();
    assertThat(gate().at("/starts:scripted/L")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, Integer.MAX_VALUE})
  void a_place_taken_unheard_is_given_back_though_nothing_can_be_read_any_more(int times) {
    fleet(3);
    rig.cable.lose(call -> call.state().equals("Enter"), times);
    rig.cable.before("weir-guard", "Enter", () -> unreadable("ReadConfig"));
    begin(0, 1, MINUTE);
    rig.time.advance(MINUTE.multipliedBy(10));
    assertThat(of("chat-part-0")).containsExactly("INTENT(R)", "ESCALATED(CONFIG_UNREADABLE)");
    assertThat(gate().at("/inFlight/M")).isEmpty();
    assertThat(rig.items("LOCK").getFirst().has("owner")).isFalse();
  }

  @Test
  void so_it_is_where_half_the_configuration_is_read() {
    fleet(3);
    rig.cable.lose(call -> call.state().equals("Enter"), 1);
    rig.cable.before(
        "weir-guard",
        "Enter",
        () ->
            rig.cable.answer(
                "weir-guard",
                "ReadConfig",
                Rig.json("{'Responses':{},'UnprocessedKeys':{'remediation':{'Keys':[]}}}")));
    begin(0, 1, MINUTE);
    rig.time.advance(MINUTE.multipliedBy(10));
    assertThat(of("chat-part-0")).containsExactly("INTENT(R)", "ESCALATED(CONFIG_UNREADABLE)");
    assertThat(gate().at("/inFlight/M")).isEmpty();
  }

  @Test
  void so_it_is_where_it_cannot_be_known_whether_it_was_taken() {
    fleet(3);
    rig.cable.lose(call -> call.state().equals("Enter"), 1);
    rig.cable.before("weir-guard", "Enter", () -> unreadable("ReadConfig"));
    unreadable("Entered");
    begin(0, 1, MINUTE);
    rig.time.advance(MINUTE.multipliedBy(10));
    assertThat(of("chat-part-0")).containsExactly("INTENT(R)", "ESCALATED(CONFIG_UNREADABLE)");
    assertThat(gate().at("/inFlight/M")).isEmpty();
  }

  @Test
  void what_started_more_than_an_hour_ago_is_forgotten() {
    limits("scripted", Map.of("inFlight", 20, "perHour", 5));
    fleet(40);
    for (int hour = 0; hour < 4; hour++) {
      begin(10 * hour, 10 * hour + 5, MINUTE);
      rig.time.advance(MINUTE.multipliedBy(61));
    }
    assertThat(intents("scripted")).hasSize(20);
    assertThat(gate().at("/starts:scripted/L")).hasSize(5);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void however_many_want_to_and_whatever_fails_no_limit_of_the_moment_is_passed(long seed) {
    Crowd crowd = new Crowd(seed, machines());
    crowd.rush();
    assertThat(crowd.beyond()).isEmpty();
    assertThat(crowd.begun()).isGreaterThan(10);
    assertThat(crowd.stillInFlight()).isEmpty();
  }

  /** No action has more places than it may, of all that want one, and none is lost. */
  private void most(String one, int ones, String two, int twos) {
    rig.time.advance(MINUTE.multipliedBy(2));
    assertThat(intents(one)).hasSize(ones);
    assertThat(intents(two)).hasSize(twos);
    assertThat(gate().at("/starts:" + one + "/L")).hasSize(ones);
    assertThat(gate().at("/starts:" + two + "/L")).hasSize(twos);
    assertThat(rig.outcomes()).doesNotContain("ESCALATED(STORM)", "SUPPRESSED(STORM)");
  }

  private void endpoint(String name) {
    rig.endpoint(name, 1);
    rig.errorsAlarm(name);
  }

  /** So many endpoints in service, named part-0 and so on. */
  private void fleet(int size) {
    for (int i = 0; i < size; i++) {
      rig.put("chat-part-" + i, "{'EndpointStatus':'InService'}");
    }
  }

  /** So many of them fail, and no event says so. */
  private void unwell(int count) {
    rig.mail = _ -> {};
    for (int i = 0; i < count; i++) {
      rig.put("chat-part-" + i, "{'EndpointStatus':'Failed'}");
    }
  }

  private void fail(String endpoint) {
    rig.world.condition(endpoint, "failing", Rig.json("{'invocationsPerMinute':60}"));
  }

  private void limits(String action, Map<String, Integer> limits) {
    limits(action, limits, "auto");
  }

  private void limits(String action, Map<String, Integer> limits, String mode) {
    Map<String, Object> row = new HashMap<>(Map.of("mode", Map.of("S", mode)));
    limits.forEach((name, value) -> row.put(name, Map.of("N", "" + value)));
    rig.put("CONFIG", action, row);
  }

  /** Asks for part-first to part-last, the last left out, all at this instant. */
  private void begin(int first, int last, Duration time) {
    IntStream.range(first, last).forEach(i -> begin("scripted", "chat-part-" + i, time));
  }

  private void begin(String action, String target, Duration time) {
    rig.remedy(action, "endpoint", "target", told(target, time));
  }

  private void unreadable(String state) {
    rig.cable.fail("weir-guard", state, Integer.MAX_VALUE, "Some.Error", "no");
  }

  /** Asks for what people have to approve. */
  private void ask(int part) {
    ObjectNode told = (ObjectNode) told("chat-part-" + part, MINUTE);
    told.withObject("/detail/plan").put("approval", true);
    rig.remedy("scripted", "endpoint", "target", told);
  }

  /** What people are asked from now on; they say nothing. */
  private List<JsonNode> asked() {
    List<JsonNode> asked = new ArrayList<>();
    rig.approver = asked::add;
    return asked;
  }

  private JsonNode told(String target, Duration time) {
    return Rig.json(
        "{'detail-type':'Told','source':'test','time':'%s','detail':{'target':'%s','plan':{'plan':'ACT','reason':'R'},'seconds':%d,'end':{'outcome':'SUCCEEDED'}}}"
            .formatted(rig.time.instant(), target, time.toSeconds()));
  }

  private static Map<String, ?> repaired(String name) {
    return Map.of(
        "M",
        Map.of(
            "name", Map.of("S", name),
            "counter", Map.of("S", "rollback-endpoint"),
            "unwell", Map.of("BOOL", true),
            "until", Map.of("N", "4000000000")));
  }

  private long now() {
    return rig.time.instant().getEpochSecond();
  }

  private JsonNode gate() {
    return rig.items("GATE").getFirst();
  }

  private List<JsonNode> intents(String action) {
    return rig.rows().stream()
        .filter(row -> row.at("/action/S").asText().equals(action))
        .filter(row -> row.at("/outcome/S").asText().equals("INTENT"))
        .toList();
  }

  /** How it went with one target. */
  private List<String> of(String name) {
    return rig.rows().stream()
        .filter(row -> row.at("/name/S").asText().equals(name))
        .map(row -> row.at("/outcome/S").asText() + "(" + row.at("/reason/S").asText() + ")")
        .toList();
  }

  private List<String> messages() {
    return rig.account.outbox().messages().stream().map(Outbox.Message::text).toList();
  }
}
