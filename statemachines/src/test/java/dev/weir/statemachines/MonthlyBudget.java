package dev.weir.statemachines;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.wire.Service;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A budget of 50 USD a month, with its alarms and what adds it up. */
final class MonthlyBudget {
  private static final String BRAKE = "weir-rem-budget-guard-100";
  private static final String NOTICE = "weir-rem-escalate-budget-";

  final Rig rig;

  MonthlyBudget(Rig rig) {
    this.rig = rig;
    rig.mode("budget-guard", "auto");
    rig.mode("park-endpoint", "auto");
    alarm(NOTICE + 50, 50);
    alarm(NOTICE + 80, 80);
    alarm(BRAKE, 100);
    addUp();
  }

  private void alarm(String name, int percent) {
    rig.call(
        Service.CLOUDWATCH,
        "PutMetricAlarm",
        "{'AlarmName':'%s','Namespace':'Weir/Remediation','MetricName':'BudgetPercent','Dimensions':[{'Name':'Stack','Value':'weir'}],'Statistic':'Maximum','Period':900,'EvaluationPeriods':1,'Threshold':%d,'ComparisonOperator':'GreaterThanOrEqualToThreshold','TreatMissingData':'ignore'}"
            .formatted(name, percent));
  }

  private void addUp() {
    rig.time.after(
        Duration.ofMinutes(15),
        () -> {
          rig.start("spend", Rig.json("{}"));
          addUp();
        });
  }

  /** What models cost is told now, in USD. */
  MonthlyBudget spend(double usd) {
    rig.world.metric(
        "Weir",
        "weir.cost.microusd",
        Map.of("environment", "dev"),
        rig.time.instant(),
        usd * 1_000_000);
    return this;
  }

  MonthlyBudget pass(Duration time) {
    rig.time.advance(time);
    return this;
  }

  /** A training job that runs. */
  MonthlyBudget training(String name, boolean spot, String env) {
    rig.world.put(
        Kind.TRAINING_JOB,
        name,
        Rig.json(
            "{'TrainingJobStatus':'InProgress','EnableManagedSpotTraining':%s}".formatted(spot)));
    tag("training-job/" + name, env);
    return this;
  }

  /** A tag of a training job. */
  MonthlyBudget tagged(String job, String key, String value) {
    rig.call(
        "AddTags",
        "{'ResourceArn':'arn:aws:sagemaker:us-east-1:123456789012:training-job/%s','Tags':[{'Key':'%s','Value':'%s'}]}"
            .formatted(job, key, value));
    return this;
  }

  /** An endpoint in service. */
  MonthlyBudget endpoint(String name, String env) {
    rig.endpoint(name, 1);
    tag("endpoint/" + name, env);
    return this;
  }

  private void tag(String resource, String env) {
    rig.call(
        "AddTags",
        "{'ResourceArn':'arn:aws:sagemaker:us-east-1:123456789012:%s','Tags':[{'Key':'env','Value':'%s'}]}"
            .formatted(resource, env));
  }

  /** What a human writes: the brake is off, and acts again from so many percent on. */
  MonthlyBudget reset(int allowed) {
    rig.put(
        "BUDGET",
        "BRAKE",
        Map.of(
            "state", Map.of("S", "RESET"),
            "period", Map.of("S", rig.time.instant().toString().substring(0, 7)),
            "allowed", Map.of("N", Integer.toString(allowed))));
    return this;
  }

  /** The row of the brake or of a month. */
  JsonNode row(String name) {
    return rig.items("BUDGET").stream()
        .filter(item -> item.at("/sk/S").asText().equals(name))
        .findFirst()
        .orElseGet(() -> Rig.json("{}"));
  }

  /** Texts of a list of the brake's row. */
  List<String> list(String name) {
    return row("BRAKE").at("/" + name + "/L").findValuesAsText("S");
  }

  /** The switches' item of the tenants table. */
  JsonNode switches() {
    return rig.item("tenants", Rig.json("{'pk':{'S':'S#switches'}}"));
  }

  String status(String job) {
    return rig.call("DescribeTrainingJob", "{'TrainingJobName':'%s'}".formatted(job))
        .path("TrainingJobStatus")
        .asText();
  }
}
