package dev.weir.local.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.sagemaker.fault.Condition;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.wire.Json;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.model.CloudWatchException;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.MetricStat;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;

final class AlarmsTest {
  private static final String CHANGE = "CloudWatch Alarm State Change";

  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  private void errorAlarm(String missing) {
    lab.cloudwatch.putMetricAlarm(r ->
        r.alarmName("errors")
            .alarmDescription("too many errors")
            .namespace("AWS/SageMaker")
            .metricName("Invocation5XXErrors")
            .dimensions(
                Dimension.builder().name("EndpointName").value("chat").build(),
                Dimension.builder().name("VariantName").value("main").build())
            .statistic(Statistic.AVERAGE)
            .period(60)
            .evaluationPeriods(3)
            .datapointsToAlarm(2)
            .threshold(0.1)
            .treatMissingData(missing)
            .comparisonOperator("GreaterThanThreshold"));
  }

  private String state() {
    return lab.cloudwatch
        .describeAlarms(r -> r.alarmNames("errors"))
        .metricAlarms()
        .getFirst()
        .stateValueAsString();
  }

  private void load(String health) {
    lab.world.condition("chat", health, Json.object().put("invocationsPerMinute", 60));
  }

  @Test
  void a_failing_endpoint_raises_its_alarm_once_and_an_update_ends_it() {
    lab.endpoint("chat");
    lab.config("chat-2");
    errorAlarm("missing");
    load("ok");
    lab.passMinutes(5);
    assertThat(state()).isEqualTo("OK");
    load("failing");
    lab.passMinutes(60);
    assertThat(state()).isEqualTo("ALARM");
    lab.sagemaker.updateEndpoint(r -> r.endpointName("chat").endpointConfigName("chat-2"));
    lab.passMinutes(30);
    assertThat(state()).isEqualTo("OK");
    assertThat(lab.events.stream().filter(e -> e.path("detail-type").asText().equals(CHANGE)))
        .hasSize(3);
    assertThat(lab.told(CHANGE, "/state/value")).containsExactly("OK", "ALARM", "OK");
  }

  @Test
  void the_event_has_the_shape_that_rules_match() {
    lab.endpoint("chat");
    errorAlarm("missing");
    load("failing");
    lab.passMinutes(5);
    JsonNode event = lab.events.getLast();
    assertThat(event.path("source").asText()).isEqualTo("aws.cloudwatch");
    assertThat(event.path("resources").path(0).asText())
        .isEqualTo("arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors");
    assertThat(event.at("/detail/alarmName").asText()).isEqualTo("errors");
    assertThat(event.at("/detail/state/value").asText()).isEqualTo("ALARM");
    assertThat(event.at("/detail/state/timestamp").asText()).matches(".*T..:..:..\\.\\d{3}\\+0000");
    assertThat(event.at("/detail/previousState/value").asText()).isNotEqualTo("ALARM");
    assertThat(
            event
                .at("/detail/configuration/metrics/0/metricStat/metric/dimensions/EndpointName")
                .asText())
        .isEqualTo("chat");
  }

  @Test
  void no_traffic_is_no_data() {
    lab.endpoint("chat");
    errorAlarm("missing");
    load("ok");
    lab.passMinutes(5);
    assertThat(state()).isEqualTo("OK");
    lab.world.condition("chat", "ok", Json.object().put("invocationsPerMinute", 0));
    lab.passMinutes(10);
    assertThat(state()).isEqualTo("INSUFFICIENT_DATA");
  }

  @Test
  void late_metrics_raise_the_alarm_late() {
    lab.endpoint("chat");
    errorAlarm("ignore");
    lab.world.add(
        new Fault(Condition.METRICS_DELAYED, Fault.ANY, "chat").delay(Duration.ofMinutes(30)));
    load("failing");
    lab.passMinutes(29);
    assertThat(state()).isEqualTo("INSUFFICIENT_DATA");
    lab.passMinutes(10);
    assertThat(lab.cloudwatch.listMetrics(r -> r.metricName("Invocation5XXErrors")).metrics())
        .hasSize(1);
  }

  @Test
  void lost_metrics_are_never_seen() {
    lab.endpoint("chat");
    lab.world.add(new Fault(Condition.METRICS_MISSING, Fault.ANY, "Invocation5XXErrors"));
    load("failing");
    lab.passMinutes(10);
    assertThat(lab.cloudwatch.listMetrics(r -> r.metricName("Invocation5XXErrors")).metrics())
        .isEmpty();
    assertThat(lab.cloudwatch.listMetrics(r -> r.metricName("Invocations")).metrics()).hasSize(1);
  }

  @Test
  void a_state_set_by_hand_lasts_until_the_next_evaluation() {
    lab.endpoint("chat");
    errorAlarm("notBreaching");
    lab.passMinutes(2);
    lab.cloudwatch.setAlarmState(
        r -> r.alarmName("errors").stateValue("ALARM").stateReason("drill"));
    assertThat(state()).isEqualTo("ALARM");
    assertThat(lab.events.getLast().at("/detail/state/reason").asText()).isEqualTo("drill");
    lab.passMinutes(1);
    assertThat(state()).isEqualTo("OK");
  }

  private void composite(String name, String rule) {
    lab.cloudwatch.putCompositeAlarm(r -> r.alarmName(name).alarmRule(rule));
  }

  private List<String> composites() {
    return lab
        .cloudwatch
        .describeAlarms(r -> r.alarmTypesWithStrings("MetricAlarm", "CompositeAlarm"))
        .compositeAlarms()
        .stream()
        .map(alarm -> alarm.alarmName() + " " + alarm.stateValueAsString())
        .toList();
  }

  @Test
  void a_composite_alarm_follows_those_that_its_rule_names() {
    lab.endpoint("chat");
    errorAlarm("notBreaching");
    lab.passMinutes(2);
    composite("sick", "ALARM(\"errors\")");
    composite("well", "NOT ALARM(arn:aws:cloudwatch:us-east-1:123456789012:alarm:sick)");
    assertThat(composites()).containsExactly("sick OK", "well ALARM");
    load("failing");
    lab.passMinutes(5);
    assertThat(composites()).containsExactly("sick ALARM", "well OK");
  }

  @Test
  void who_asks_for_no_type_is_told_of_metric_alarms_only() {
    errorAlarm("missing");
    composite("sick", "ALARM(errors)");
    var reply = lab.cloudwatch.describeAlarms(r -> r.alarmNames("errors", "sick"));
    assertThat(reply.metricAlarms()).hasSize(1);
    assertThat(reply.compositeAlarms()).isEmpty();
  }

  @Test
  void the_event_of_a_composite_alarm_has_its_rule_and_no_dimensions() {
    lab.endpoint("chat");
    errorAlarm("missing");
    composite("sick", "ALARM(errors)");
    load("failing");
    lab.passMinutes(5);
    JsonNode event = lab.events.getLast();
    assertThat(event.at("/detail/alarmName").asText()).isEqualTo("sick");
    assertThat(event.at("/detail/state/value").asText()).isEqualTo("ALARM");
    assertThat(event.at("/detail/state/reason").asText())
        .startsWith("arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors transitioned to ALARM");
    assertThat(event.at("/detail/configuration").toString())
        .isEqualTo("{\"alarmRule\":\"ALARM(errors)\"}");
  }

  @Test
  void a_composite_alarm_set_by_hand_stays_until_one_of_its_alarms_changes() {
    lab.endpoint("chat");
    errorAlarm("notBreaching");
    composite("sick", "ALARM(errors)");
    lab.passMinutes(2);
    lab.cloudwatch.setAlarmState(r -> r.alarmName("sick").stateValue("ALARM").stateReason("drill"));
    lab.passMinutes(10);
    assertThat(composites()).containsExactly("sick ALARM");
    lab.cloudwatch.setAlarmState(
        r -> r.alarmName("errors").stateValue("ALARM").stateReason("drill"));
    lab.passMinutes(1);
    assertThat(composites()).containsExactly("sick OK");
  }

  @Test
  void composite_alarms_that_depend_on_each_other_come_to_rest() {
    errorAlarm("missing");
    composite("b", "ALARM(errors)");
    composite("a", "NOT ALARM(b) OR ALARM(errors)");
    composite("b", "ALARM(a)");
    lab.cloudwatch.setAlarmState(
        r -> r.alarmName("errors").stateValue("ALARM").stateReason("drill"));
    assertThat(composites()).hasSize(2);
  }

  @Test
  void what_a_composite_alarm_names_is_there_and_stays() {
    assertThatThrownBy(() -> composite("sick", "ALARM(none)")).hasMessageContaining("none");
    errorAlarm("missing");
    composite("sick", "ALARM(errors)");
    assertThatThrownBy(() -> composite("errors", "ALARM(sick)")).hasMessageContaining("type");
    assertThatThrownBy(() -> lab.cloudwatch.deleteAlarms(r -> r.alarmNames("errors")))
        .hasMessageContaining("sick");
    lab.cloudwatch.deleteAlarms(r -> r.alarmNames("sick", "errors"));
    assertThat(composites()).isEmpty();
  }

  @Test
  void an_unknown_alarm_is_not_found() {
    assertThatThrownBy(() ->
            lab.cloudwatch.setAlarmState(
                r -> r.alarmName("none").stateValue("ALARM").stateReason("drill")))
        .isInstanceOfSatisfying(
            CloudWatchException.class,
            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ResourceNotFound"));
  }

  @Test
  void statistics_are_those_of_the_values_put() {
    Random random = new Random(3);
    double[] values = random.doubles(400, 0, 1000).map(Math::rint).toArray();
    lab.cloudwatch.putMetricData(r ->
        r.namespace("Weir")
            .metricData(
                IntStream.range(0, values.length)
                    .mapToObj(i ->
                        MetricDatum.builder()
                            .metricName("latency")
                            .value(values[i])
                            .timestamp(Lab.START.minusSeconds(1 + i))
                            .build())
                    .toList()));
    var points =
        lab.cloudwatch
            .getMetricStatistics(r ->
                r.namespace("Weir")
                    .metricName("latency")
                    .startTime(Lab.START.minusSeconds(3600))
                    .endTime(Lab.START)
                    .period(3600)
                    .statistics(
                        Statistic.SUM,
                        Statistic.AVERAGE,
                        Statistic.MINIMUM,
                        Statistic.MAXIMUM,
                        Statistic.SAMPLE_COUNT))
            .datapoints();
    assertThat(points).hasSize(1);
    var sum = DoubleStream.of(values).summaryStatistics();
    assertThat(points.getFirst().sum()).isEqualTo(sum.getSum());
    assertThat(points.getFirst().average()).isEqualTo(sum.getAverage());
    assertThat(points.getFirst().minimum()).isEqualTo(sum.getMin());
    assertThat(points.getFirst().maximum()).isEqualTo(sum.getMax());
    assertThat(points.getFirst().sampleCount()).isEqualTo(400);
    double p95 = DoubleStream.of(values).sorted().toArray()[379];
    assertThat(data("p95", 3600)).containsExactly(p95);
    assertThat(data("Sum", 60).stream().mapToDouble(Double::doubleValue).sum())
        .isEqualTo(sum.getSum());
  }

  private List<Double> data(String stat, int period) {
    return lab.cloudwatch
        .getMetricData(r ->
            r.startTime(Lab.START.minusSeconds(3600))
                .endTime(Lab.START)
                .metricDataQueries(q ->
                    q.id("m1")
                        .metricStat(
                            MetricStat.builder()
                                .metric(m -> m.namespace("Weir").metricName("latency"))
                                .period(period)
                                .stat(stat)
                                .build())))
        .metricDataResults()
        .getFirst()
        .values();
  }

  @Test
  void cpu_is_the_sum_over_cores() {
    lab.endpoint("chat");
    lab.world.condition(
        "chat", "ok", Json.object().put("invocationsPerMinute", 400).put("cpuPerInvocation", 0.5));
    lab.passMinutes(5);
    double cpu =
        lab.cloudwatch
            .getMetricStatistics(r ->
                r.namespace("/aws/sagemaker/Endpoints")
                    .metricName("CPUUtilization")
                    .dimensions(
                        Dimension.builder().name("EndpointName").value("chat").build(),
                        Dimension.builder().name("VariantName").value("main").build())
                    .startTime(lab.time.instant().minusSeconds(120))
                    .endTime(lab.time.instant())
                    .period(60)
                    .statistics(Statistic.AVERAGE))
            .datapoints()
            .getFirst()
            .average();
    assertThat(cpu).isEqualTo(4 * 100.0);
  }

  @Test
  void a_metric_older_than_two_weeks_is_refused() {
    assertThatThrownBy(() ->
            lab.cloudwatch.putMetricData(r ->
                r.namespace("Weir")
                    .metricData(m ->
                        m.metricName("x")
                            .value(1.0)
                            .timestamp(Lab.START.minus(Duration.ofDays(15))))))
        .hasMessageContaining("Timestamp");
  }
}
