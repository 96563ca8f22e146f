package dev.weir.operations;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.admin.AutomaticSwitch;
import dev.weir.audit.AuditEntry;
import dev.weir.audit.AuditLog;
import dev.weir.killswitch.Off;
import dev.weir.killswitch.Switches;
import dev.weir.killswitch.Target;
import dev.weir.store.InMemoryDynamo;
import dev.weir.store.SwitchTable;
import dev.weir.telemetry.Log;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SwitchOffHandlerTest {

  private static final Path EVENTS = Path.of("../../events");

  private final Switches switches =
      new Switches(new SwitchTable(new InMemoryDynamo(Clock.systemUTC()), "tenants"));
  private final List<AuditEntry> audited = new ArrayList<>();
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
  private final Log log = new Log(new PrintStream(lines), Clock.systemUTC(), "Weir", Map.of());

  private final AuditLog audit =
      new AuditLog() {
        @Override
        public Recorded record(AuditEntry entry) {
          audited.add(entry);
          return new Recorded.Written("s", 0, "h", false);
        }

        @Override
        public void refused(String chain, String code) {}

        @Override
        public void close() {}
      };

  private void handle(String rules, String event) throws IOException {
    new SwitchOffHandler(
            SwitchOffRules.parse(rules),
            new AutomaticSwitch(switches, audit, log, Clock.systemUTC()),
            log)
        .handleRequest(
            new ByteArrayInputStream(event.getBytes(UTF_8)),
            new ByteArrayOutputStream(),
            new OneSecond());
  }

  private static String event(String name) throws IOException {
    return Files.readString(EVENTS.resolve(name));
  }

  @Test
  void an_alarm_turns_off_what_is_declared_for_it_and_says_so() throws IOException {
    handle("weir-prod-spend=model:nova-pro", event("alarm.json"));

    Off off = switches.off().getFirst();
    assertThat(off.target().text()).isEqualTo("model:nova-pro");
    assertThat(off.by()).isEqualTo("sns/weir-prod-spend");
    assertThat(audited).singleElement().extracting(AuditEntry::action).isEqualTo("switch.off");
  }

  @Test
  void an_aws_budget_turns_off_what_is_declared_for_it() throws IOException {
    handle("budget/weir-monthly=all", event("aws-budget.json"));

    assertThat(switches.off().getFirst().target().text()).isEqualTo("all");
  }

  @Test
  void the_same_notification_twice_is_one_change_and_an_operators_reason_stays()
      throws IOException {
    switches.turnOff(new Off(Target.parse("model:nova-pro"), 1, "ann", "a leak"));

    handle("weir-prod-spend=model:nova-pro", event("alarm.json"));
    handle("weir-prod-spend=model:nova-pro", event("alarm.json"));

    assertThat(switches.off()).singleElement().extracting(Off::why).isEqualTo("a leak");
    assertThat(audited).isEmpty();
  }

  @Test
  void what_is_not_declared_or_has_calmed_down_turns_nothing_off() throws IOException {
    handle("other=all", event("alarm.json"));
    handle("weir-prod-spend=all", event("alarm.json").replace("\\\"ALARM\\\"", "\\\"OK\\\""));
    handle("", event("aws-budget.json"));

    assertThat(switches.off()).isEmpty();
    assertThat(lines.toString(UTF_8)).contains("notification_ignored");
  }

  @Test
  void a_rule_that_is_none_is_refused_at_the_start() {
    assertThatThrownBy(() -> SwitchOffRules.parse("weir-prod-spend"))
        .hasMessageContaining("NAME=SWITCH");
    assertThatThrownBy(() -> SwitchOffRules.parse("weir-prod-spend=modle:x"))
        .hasMessageContaining("tenant:, key:, model:, door:, tool:");
  }
}
