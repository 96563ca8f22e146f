package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.local.sagemaker.state.Ledger;
import dev.weir.states.ExecutionStatus;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class ReportTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final Rig rig = new Rig(1);

  @TestFactory
  Stream<DynamicTest> every_story_ends_as_told() {
    return Story.tests(ReportStories.all());
  }

  @AfterEach
  void a_report_changes_nothing() {
    assertThat(rig.world.ledger())
        .filteredOn(entry -> !entry.caller().equals("test"))
        .extracting(Ledger.Entry::operation)
        .isEmpty();
  }

  private String report(String name) {
    return rig.items("REPORT").stream()
        .filter(item -> item.at("/sk/S").asText().startsWith(name + "/"))
        .map(item -> item.at("/text/S").asText())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void a_forecast_has_count_and_cost_with_both_bands_and_its_backtest() {
    ReportStories.forecast(ReportStories.fleet(rig)).time.advance(HOUR);
    assertThat(report("capacity-forecast"))
        .contains(
            "instances of chat/AllTraffic (ml.m5.large), instances (365 days seen, HOLT_WINTERS,"
                + " mean error 0.1):",
            "  2026-03, 30 days: 2 a day (80 %: 1.67 to 2.33; 95 %: 1.33 to 2.67), 165.6 USD (80 %:"
                + " 138 to 193.2; 95 %: 110.4 to 220.8)");
    assertThat(rig.account.outbox().messages())
        .anyMatch(message -> message.text().equals(report("capacity-forecast")));
  }

  @Test
  void too_short_a_past_is_told_without_any_number_expected() {
    ReportStories.forecast(ReportStories.fleet(rig)).time.advance(HOUR);
    assertThat(report("capacity-forecast").lines())
        .contains("cost of models: insufficient, 12 days seen of 60");
  }

  @Test
  void a_series_that_cannot_be_foretold_is_named_and_the_others_are_told() {
    rig.cable.fail("weir-capacity-forecast", "Ask", 1, "Some.Error", "no");
    ReportStories.forecast(ReportStories.fleet(rig)).time.advance(HOUR);
    assertThat(report("capacity-forecast"))
        .contains(": unknown, it could not be foretold", "instances of chat/AllTraffic");
  }

  @Test
  void without_any_forecast_the_run_fails() {
    rig.cable.fail("weir-capacity-forecast", "Ask", Integer.MAX_VALUE, "Some.Error", "no");
    ReportStories.forecast(ReportStories.fleet(rig)).time.advance(HOUR);
    assertThat(rig.all("capacity-forecast").getFirst().status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(rig.items("REPORT")).isEmpty();
  }

  private Rig chat(String type, int count) {
    rig.model("chat-model");
    rig.call(
        "CreateEndpointConfig",
        "{'EndpointConfigName':'chat-config','ProductionVariants':[{'VariantName':'AllTraffic','ModelName':'chat-model','InstanceType':'%s','InitialInstanceCount':%d}]}"
            .formatted(type, count));
    rig.time.advance(Duration.ofMinutes(1));
    rig.call("CreateEndpoint", "{'EndpointName':'chat','EndpointConfigName':'chat-config'}");
    rig.time.advance(Duration.ofMinutes(20));
    return rig;
  }

  private String plan(double cpu, double memory, double calls) {
    ReportStories.measured(rig, "CPUUtilization", cpu);
    ReportStories.measured(rig, "MemoryUtilization", memory);
    ReportStories.measured(rig, "Invocations", calls);
    ReportStories.plan(rig).time.advance(HOUR);
    return report("right-size")
        .lines()
        .filter(line -> line.startsWith("chat/"))
        .findFirst()
        .orElse("");
  }

  @Test
  void too_much_is_proposed_smaller_with_its_saving() {
    chat("ml.m5.2xlarge", 4);
    assertThat(plan(80, 10, 500))
        .startsWith(
            "chat/AllTraffic, 4 x ml.m5.2xlarge: SMALLER, 3 x ml.m5.large would save 1094.27 USD a"
                + " month of 1346.12; risk MEDIUM");
    assertThat(report("right-size")).contains("Together 1094.27 USD a month could be saved.");
  }

  @Test
  void what_needs_its_memory_keeps_it() {
    chat("ml.m5.2xlarge", 2);
    assertThat(plan(20, 75, 500)).startsWith("chat/AllTraffic, 2 x ml.m5.2xlarge: KEEP");
  }

  @Test
  void what_is_too_small_is_proposed_bigger() {
    chat("ml.m5.large", 2);
    assertThat(plan(190, 40, 500)).contains("BIGGER", "more USD a month", "need more than 60 %");
  }

  @Test
  void what_nobody_calls_is_left_to_the_idle_sweep() {
    chat("ml.m5.large", 2);
    assertThat(plan(1, 40, 0)).contains(": IDLE (not called in 14 days");
  }

  @Test
  void without_memory_measured_nothing_is_proposed() {
    chat("ml.m5.2xlarge", 4);
    ReportStories.measured(rig, "CPUUtilization", 5);
    ReportStories.measured(rig, "Invocations", 5);
    ReportStories.plan(rig).time.advance(HOUR);
    assertThat(report("right-size")).contains("4 x ml.m5.2xlarge: UNKNOWN (less than 14 days");
  }

  @Test
  void without_gpus_measured_nothing_is_proposed_for_them() {
    chat("ml.g5.2xlarge", 2);
    assertThat(plan(5, 10, 500)).contains("UNKNOWN (less than 14 days");
  }

  @Test
  void a_type_without_a_price_is_named_and_not_judged() {
    chat("ml.p5.48xlarge", 1);
    assertThat(plan(5, 10, 500)).contains("UNKNOWN (no price is known for its type");
  }
}
