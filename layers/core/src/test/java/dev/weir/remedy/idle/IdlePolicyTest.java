package dev.weir.remedy.idle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.remedy.idle.IdlePolicy.App;
import dev.weir.remedy.idle.IdlePolicy.DevEndpoint;
import dev.weir.remedy.idle.IdlePolicy.Leftover;
import dev.weir.remedy.idle.IdlePolicy.Notebook;
import dev.weir.remedy.idle.Verdict.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every row of the truth tables of {@code docs/idle.md}. */
class IdlePolicyTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final String NOBODY = "";

  private final IdlePolicy policy = new IdlePolicy(IdleRules.DEFAULT);

  private static Instant ago(int minutes) {
    return NOW.minus(Duration.ofMinutes(minutes));
  }

  private static Optional<Instant> perhapsAgo(int minutes) {
    return minutes < 0 ? Optional.empty() : Optional.of(ago(minutes));
  }

  private static Heartbeat heartbeat(
      int at, int active, int busy, int starting, int terminals, double cpu, double gpu) {
    return new Heartbeat(
        ago(at),
        perhapsAgo(active),
        busy,
        perhapsAgo(starting),
        terminals,
        cpu,
        gpu < 0 ? OptionalDouble.empty() : OptionalDouble.of(gpu));
  }

  private static Notebook notebook(Heartbeat heartbeat) {
    return new Notebook("InService", ago(600), Map.of(), Optional.of(heartbeat));
  }

  private static String said(Verdict verdict) {
    return verdict.state() + " " + verdict.reason();
  }

  // Minutes ago: heartbeat, last activity, start of a starting kernel; -1 for never.
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "a kernel runs code,                 1, 300, 1,  -1, 0,  1, -1, BUSY KERNEL",
    "a terminal was used,                1,  10, 0,  -1, 1,  1, -1, BUSY ACTIVE",
    "a terminal is open and forgotten,   1, 300, 0,  -1, 1,  1, -1, IDLE QUIET",
    "the CPU is busy,                    1, 300, 0,  -1, 1, 10, -1, BUSY CPU",
    "the GPU is busy and kernels are not,1, 300, 0,  -1, 0,  1, 35, BUSY GPU",
    "the GPU is there and idle,          1, 300, 0,  -1, 0,  1,  3, IDLE QUIET",
    "a kernel was used an hour ago,      1,  61, 0,  -1, 0,  1, -1, BUSY ACTIVE",
    "a kernel was used before that,      1,  62, 0,  -1, 0,  1, -1, IDLE QUIET",
    "it was never opened,                1,  -1, 0,  -1, 0,  1, -1, IDLE UNOPENED",
    "a kernel is starting,               1, 300, 0,  30, 0,  1, -1, BUSY STARTING",
    "a kernel is stuck starting,         1, 300, 0, 120, 0,  1, -1, IDLE STUCK",
    "one is stuck and another was used,  1,  10, 0, 120, 0,  1, -1, BUSY ACTIVE",
    "the heartbeat is three periods old,24, 300, 0,  -1, 0,  1, -1, IDLE QUIET",
    "the heartbeat is missing,          26, 300, 0,  -1, 0,  1, -1, UNKNOWN HEARTBEAT_MISSING",
    "its clock is 10 minutes ahead,    -10, 300, 0,  -1, 0,  1, -1, IDLE QUIET",
    "its clock is further ahead,       -11, 300, 0,  -1, 0,  1, -1, UNKNOWN CLOCK"
  })
  void a_notebook_by_its_heartbeat(
      String row,
      int at,
      int active,
      int busy,
      int starting,
      int terminals,
      double cpu,
      double gpu,
      String verdict) {
    assertThat(
            said(
                policy.notebook(
                    notebook(heartbeat(at, active, busy, starting, terminals, cpu, gpu)), NOW)))
        .isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "-10, 59, BUSY",
    "-10, 62, IDLE",
    "0, 59, BUSY",
    "0, 62, IDLE",
    "10, 59, BUSY",
    "10, 62, IDLE"
  })
  void a_wrong_clock_changes_no_verdict(int wrong, int quiet, State state) {
    Heartbeat heartbeat = heartbeat(wrong, wrong + quiet, 0, -1, 0, 1, -1);

    assertThat(policy.notebook(notebook(heartbeat), NOW).state()).isEqualTo(state);
  }

  @Test
  void a_notebook_without_any_heartbeat_is_unknown() {
    Notebook silent = new Notebook("InService", ago(600), Map.of(), Optional.empty());

    assertThat(said(policy.notebook(silent, NOW))).isEqualTo("UNKNOWN HEARTBEAT_MISSING");
  }

  @ParameterizedTest
  @CsvSource({
    "Pending",
    "Stopping",
    "Stopped",
    "Failed",
    "Deleting",
    "Updating",
    "PendingMaintenance",
    "InMaintenance"
  })
  void a_notebook_is_only_stopped_from_in_service(String status) {
    Notebook notebook =
        new Notebook(status, ago(600), Map.of(), Optional.of(heartbeat(1, 300, 0, -1, 0, 1, -1)));

    assertThat(said(policy.notebook(notebook, NOW))).isEqualTo("SKIP NOT_IN_SERVICE");
  }

  @Test
  void a_notebook_that_has_just_started_is_left_alone() {
    Notebook young = new Notebook("InService", ago(20), Map.of(), Optional.empty());

    assertThat(said(policy.notebook(young, NOW))).isEqualTo("SKIP YOUNG");
  }

  @ParameterizedTest
  @CsvSource({
    "remediation:exclude, true, SKIP PROTECTED",
    "remediation:exclude, false, IDLE QUIET",
    "remediation:protected, '', SKIP PROTECTED",
    "remediation:pause-until, 2026-11-22T12:01:00Z, SKIP PAUSED",
    "remediation:pause-until, 2026-11-22T13:01:00+01:00, SKIP PAUSED",
    "remediation:pause-until, 2026-11-22T12:00:00Z, IDLE QUIET",
    "remediation:pause-until, tomorrow, SKIP PAUSED",
    "owner, ann, IDLE QUIET"
  })
  void tags_are_honoured_to_the_minute(String tag, String value, String verdict) {
    Notebook notebook =
        new Notebook(
            "InService",
            ago(600),
            Map.of(tag, value),
            Optional.of(heartbeat(1, 300, 0, -1, 0, 1, -1)));

    assertThat(said(policy.notebook(notebook, NOW))).isEqualTo(verdict);
  }

  // Heartbeat: minutes since the last activity, -1 for no heartbeat.
  @ParameterizedTest
  @CsvSource({
    "JupyterLab, true, 600, -1, SKIP NATIVE, false",
    "JupyterLab, true, 600, 300, SKIP NATIVE, false",
    "JupyterLab, false, 600, -1, UNKNOWN NATIVE_OFF, false",
    "CodeEditor, false, 600, 300, IDLE QUIET, false",
    "CodeEditor, false, 600, 10, BUSY ACTIVE, false",
    "CodeEditor, false, 10, -1, SKIP YOUNG, false",
    "KernelGateway, false, 600, -1, UNKNOWN HEARTBEAT_MISSING, false",
    "KernelGateway, false, 600, 300, IDLE QUIET, true",
    "KernelGateway, false, 600, 10, BUSY ACTIVE, true",
    "Canvas, false, 20161, -1, IDLE OLD, true",
    "TensorBoard, false, 20161, -1, SKIP UNKNOWN_TYPE, false"
  })
  void a_studio_app(
      String type, boolean nativeIdle, int age, int active, String verdict, boolean approval) {
    Optional<Heartbeat> heartbeat =
        active < 0 ? Optional.empty() : Optional.of(heartbeat(1, active, 0, -1, 0, 1, -1));
    App app = new App(type, "InService", ago(age), nativeIdle, Map.of(), heartbeat);

    Verdict judged = policy.app(app, NOW);

    assertThat(said(judged)).isEqualTo(verdict);
    assertThat(judged.approval()).isEqualTo(approval);
  }

  @Test
  void an_app_that_is_being_deleted_is_left_alone() {
    App app = new App("Canvas", "Deleting", ago(99_999), false, Map.of(), Optional.empty());

    assertThat(said(policy.app(app, NOW))).isEqualTo("SKIP NOT_IN_SERVICE");
  }

  // Invocations: their sum, -1 where there is no data point. Age in minutes; 7 days are 10,080.
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "invocations missing and CPU present,  dev, InService, 20000, -1, 2016, IDLE NO_REQUESTS",
    "invocations zero and CPU present,     dev, InService, 20000,  0, 2016, IDLE NO_REQUESTS",
    "both missing,                         dev, InService, 20000, -1,    0, UNKNOWN NO_METRICS",
    "invocations zero and CPU missing,     dev, InService, 20000,  0,    0, UNKNOWN NO_METRICS",
    "CPU for an hour of the week,           dev, InService, 20000, -1,    1, UNKNOWN METRICS_MISSING",
    "CPU for less than nine tenths,         dev, InService, 20000,  0,  151, UNKNOWN METRICS_MISSING",
    "CPU for nine tenths,                   dev, InService, 20000,  0,  152, IDLE NO_REQUESTS",
    "five minutes old,                     dev, InService,     5, -1,    1, SKIP YOUNG",
    "one request a day,                    dev, InService, 20000,  7, 2016, SKIP USED",
    "one request and CPU missing,          dev, InService, 20000,  1,    0, SKIP USED",
    "production,                          prod, InService, 20000, -1, 2016, SKIP NOT_DEV",
    "without a stage,                       '', InService, 20000, -1, 2016, SKIP NOT_DEV",
    "in deployment,                        dev,  Updating, 20000, -1, 2016, SKIP NOT_IN_SERVICE"
  })
  void an_endpoint(
      String row,
      String environment,
      String status,
      int age,
      double invocations,
      int cpu,
      String verdict) {
    DevEndpoint endpoint =
        new DevEndpoint(
            status,
            environment,
            ago(age),
            Map.of(),
            invocations < 0 ? OptionalDouble.empty() : OptionalDouble.of(invocations),
            cpu);

    assertThat(said(policy.endpoint(endpoint, NOW))).isEqualTo(verdict);
  }

  @Test
  void a_protected_endpoint_is_left_alone() {
    DevEndpoint endpoint =
        new DevEndpoint(
            "InService",
            "dev",
            ago(20_000),
            Map.of("remediation:protected", "true"),
            OptionalDouble.empty(),
            2016);

    assertThat(said(policy.endpoint(endpoint, NOW))).isEqualTo("SKIP PROTECTED");
  }

  @ParameterizedTest
  @CsvSource({
    "true, 20161, false, '', IDLE RUNS_LONG",
    "false, 20161, false, '', IDLE UNREFERENCED",
    "false, 20161, true, '', SKIP REFERENCED",
    "true, 20159, false, '', SKIP YOUNG",
    "true, 20161, false, remediation:protected, SKIP PROTECTED"
  })
  void what_is_left_over(boolean running, int age, boolean referenced, String tag, String verdict) {
    Map<String, String> tags = tag.equals(NOBODY) ? Map.of() : Map.of(tag, "true");

    Verdict judged = policy.leftover(new Leftover(running, ago(age), tags, referenced), NOW);

    assertThat(said(judged)).isEqualTo(verdict);
    assertThat(judged.approval()).isEqualTo(judged.state() == State.IDLE);
  }

  // The 23rd is a Monday; it goes off at 18:00 UTC.
  @ParameterizedTest
  @CsvSource({
    "InService, 2026-11-23T08:00:00Z, '', IDLE OFF_HOURS",
    "InService, 2026-11-23T18:30:00Z, '', BUSY STARTED_SINCE",
    "Stopped, 2026-11-23T08:00:00Z, '', SKIP NOT_IN_SERVICE",
    "InService, 2026-11-23T08:00:00Z, remediation:protected, SKIP PROTECTED"
  })
  void something_with_hours(String status, Instant started, String tag, String verdict) {
    Map<String, String> tags = tag.equals(NOBODY) ? Map.of() : Map.of(tag, "true");
    Instant evening = Instant.parse("2026-11-23T19:00:00Z");
    String nights = "M-F 19-7 Europe/Berlin";

    assertThat(said(policy.offHours(nights, status, started, tags, evening))).isEqualTo(verdict);
  }

  @Test
  void hours_that_cannot_be_read_stop_nothing() {
    assertThat(said(policy.offHours("nights", "InService", ago(9999), Map.of(), NOW)))
        .isEqualTo("UNKNOWN OFF_HOURS_UNREADABLE");
    assertThat(
            said(policy.offHours("M-U 7-19 UTC", "InService", ago(9999), Map.of(), ago(-60 * 9))))
        .isEqualTo("BUSY ON_HOURS");
  }

  @Test
  void evidence_says_what_the_verdict_rests_on() {
    Heartbeat heartbeat = heartbeat(1, 300, 0, -1, 0, 1, -1);

    assertThat(policy.notebook(notebook(heartbeat), NOW).evidence())
        .containsExactly("no kernel or terminal did anything for PT4H59M");
  }

  @Test
  void rules_are_above_zero() {
    IdleRules rules = IdleRules.DEFAULT;
    assertThatThrownBy(() ->
            new IdleRules(
                Duration.ZERO, rules.endpointAfter(), rules.ageLimit(), rules.period(), 10))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() ->
            new IdleRules(
                rules.idleAfter(), rules.endpointAfter(), rules.ageLimit(), rules.period(), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
