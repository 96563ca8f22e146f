package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.wire.Service;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What the guard goes through, whatever the action; told with restart endpoint. */
final class GuardStories {
  private static final Duration HOUR = Duration.ofHours(1);

  private GuardStories() {}

  static List<Story> all() {
    return Stream.of(stories(), scripted()).flatMap(List::stream).toList();
  }

  private static List<Story> stories() {
    return List.of(
        failing("healed", rig -> {}, "INTENT(REPLACE)", "SUCCEEDED(REPLACE)"),
        failing(
            "200 equal alarms",
            rig -> {
              for (int i = 0; i < 200; i++) {
                alarm(rig, "chat");
              }
            },
            "INTENT(REPLACE)",
            "SUCCEEDED(REPLACE)"),
        failing(
            "off for the action", rig -> rig.mode("restart-endpoint", "off"), "SUPPRESSED(OFF)"),
        failing("off for all", rig -> rig.mode("GLOBAL", "off"), "SUPPRESSED(OFF)"),
        failing("a mode nobody knows", rig -> rig.mode("GLOBAL", "full"), "SUPPRESSED(OFF)"),
        failing(
            "frozen",
            rig ->
                rig.put(
                    "CONFIG",
                    "GLOBAL",
                    Map.of(
                        "mode", Map.of("S", "auto"),
                        "freezeUntil", Map.of("N", soon(rig)))),
            "SUPPRESSED(FROZEN)"),
        failing(
            "in a storm",
            rig ->
                rig.put(
                    "GATE",
                    "endpoint",
                    Map.of("stormUntil", Map.of("N", soon(rig)), "stormStarted", Map.of("N", "1"))),
            "SUPPRESSED(STORM)"),
        failing("dry run", rig -> rig.mode("restart-endpoint", "dry-run"), "PLANNED(DRY_RUN)"),
        failing(
            "approved",
            rig -> {
              rig.mode("restart-endpoint", "approve");
              rig.approver =
                  request -> rig.time.after(Duration.ofMinutes(5), () -> approve(rig, request));
            },
            "INTENT(REPLACE)",
            "SUCCEEDED(REPLACE)"),
        failing(
            "approved twice",
            rig -> {
              rig.mode("restart-endpoint", "approve");
              rig.approver =
                  request -> {
                    approve(rig, request);
                    assertThatThrownBy(() -> approve(rig, request))
                        .hasMessageContaining("Task Timed Out");
                  };
            },
            "INTENT(REPLACE)",
            "SUCCEEDED(REPLACE)"),
        failing(
            "only planned any more, once a human has approved",
            rig -> {
              rig.mode("restart-endpoint", "approve");
              rig.approver =
                  request -> {
                    rig.mode("restart-endpoint", "dry-run");
                    approve(rig, request);
                  };
            },
            "PLANNED(DRY_RUN)"),
        failing(
            "a human has to be asked since it was planned",
            rig ->
                rig.time.after(
                    Duration.ofMillis(121_500), () -> rig.mode("restart-endpoint", "approve")),
            "ESCALATED(APPROVAL_EXPIRED)"),
        failing(
            "denied",
            rig -> {
              rig.mode("restart-endpoint", "approve");
              rig.approver =
                  request ->
                      rig.account
                          .machines()
                          .sendTaskFailure(
                              request.path("token").asText(),
                              Optional.of("Remediation.Denied"),
                              Optional.of("not today"));
            },
            "ESCALATED(DENIED)"),
        failing(
            "nobody answers",
            rig -> rig.mode("restart-endpoint", "approve"),
            "ESCALATED(APPROVAL_EXPIRED)"),
        failing(
            "recovered before approval",
            rig -> {
              rig.mode("restart-endpoint", "approve");
              rig.approver =
                  request -> {
                    rig.world.condition("chat", "ok", Rig.json("{}"));
                    rig.time.after(Duration.ofMinutes(10), () -> approve(rig, request));
                  };
            },
            "SUPPRESSED(RECOVERED)"),
        failing(
            "changed before approval",
            rig -> {
              rig.mode("restart-endpoint", "approve");
              rig.approver =
                  request -> {
                    rig.call(
                        "CreateEndpointConfig",
                        "{'EndpointConfigName':'chat-config-r00000000','ProductionVariants':[{'VariantName':'AllTraffic','ModelName':'chat-model','InstanceType':'ml.m5.large','InitialInstanceCount':2}]}");
                    rig.put("chat", "{'EndpointConfigName':'chat-config-r00000000'}");
                    rig.time.after(Duration.ofMinutes(10), () -> approve(rig, request));
                  };
            },
            "ESCALATED(CHANGED)"),
        failing("excluded", rig -> tag(rig, "remediation:exclude", "true"), "SUPPRESSED(EXCLUDED)"),
        failing(
            "excluded in another word",
            rig -> tag(rig, "remediation:exclude", "Yes"),
            "SUPPRESSED(EXCLUDED)"),
        failing(
            "not excluded",
            rig -> tag(rig, "remediation:exclude", "false"),
            "INTENT(REPLACE)",
            "SUCCEEDED(REPLACE)"),
        failing(
            "protected", rig -> tag(rig, "remediation:protected", "true"), "SUPPRESSED(PROTECTED)"),
        failing(
            "paused",
            rig -> tag(rig, "remediation:pause-until", "2026-03-09T00:00Z"),
            "SUPPRESSED(PAUSED)"),
        failing(
            "paused until nobody knows when",
            rig -> tag(rig, "remediation:pause-until", "next week"),
            "SUPPRESSED(PAUSED)"),
        failing(
            "paused until a month that no year has",
            rig -> tag(rig, "remediation:pause-until", "2026-13-45T25:61:61Z"),
            "SUPPRESSED(PAUSED)"),
        failing(
            "paused until a day that the month does not have",
            rig -> tag(rig, "remediation:pause-until", "2020-02-30T00:00Z"),
            "SUPPRESSED(PAUSED)"),
        failing(
            "paused until a leap day in a year without",
            rig -> tag(rig, "remediation:pause-until", "2025-02-29T00:00Z"),
            "SUPPRESSED(PAUSED)"),
        failing(
            "no longer paused since a leap day",
            rig -> tag(rig, "remediation:pause-until", "2024-02-29T00:00:59Z"),
            "INTENT(REPLACE)",
            "SUCCEEDED(REPLACE)"),
        failing(
            "no longer paused",
            rig -> tag(rig, "remediation:pause-until", "2026-03-01T00:00Z"),
            "INTENT(REPLACE)",
            "SUCCEEDED(REPLACE)"),
        failing(
            "paused until this very minute",
            rig -> tag(rig, "remediation:pause-until", "2026-03-02T08:22Z"),
            "INTENT(REPLACE)",
            "SUCCEEDED(REPLACE)"),
        failing("no attempts allowed", rig -> limit(rig, "attempts", 0), "ESCALATED(EXHAUSTED)"),
        failing("none in flight allowed", rig -> limit(rig, "inFlight", 0), "SUPPRESSED(HELD)"),
        failing("none within an hour allowed", rig -> limit(rig, "perHour", 0), "SUPPRESSED(HELD)"),
        failing(
            "none unwell allowed", rig -> limit(rig, "unhealthyPercent", 0), "SUPPRESSED(HELD)"),
        failing(
            "cooling down",
            rig -> {
              rig.put(
                  "LOCK",
                  "endpoint/chat",
                  Map.of(
                      "fence",
                      Map.of("N", "7"),
                      "cooldown:restart-endpoint",
                      Map.of("N", soon(rig))));
            },
            "SUPPRESSED(COOLDOWN)"),
        failing(
            "a new failure when the attempts are used up",
            rig -> {
              rig.put(
                  "LOCK",
                  "endpoint/chat",
                  Map.of(
                      "fence", Map.of("N", "7"),
                      "incident",
                          Map.of("S", "2026-03-02T07:00:00Z-restart-endpoint-endpoint/chat"),
                      "cooldown:restart-endpoint", Map.of("N", soon(rig)),
                      "exhausted:restart-endpoint", Map.of("N", soon(rig))));
              rig.reconcileEvery(Duration.ofMinutes(5));
            },
            "ESCALATED(EXHAUSTED)",
            "ESCALATED(EXHAUSTED)",
            "SUPPRESSED(COOLDOWN)"),
        failing(
            "an owner that is gone",
            rig -> {
              orphaned(rig, "chat", "gone", "scale-out");
              rig.reconcileEvery(Duration.ofMinutes(5));
            },
            "CRASHED(LOST)",
            "INTENT(REPLACE)",
            "SUCCEEDED(REPLACE)",
            "SUPPRESSED(COOLDOWN)"),
        new Story(
            "it never helps",
            Duration.ofHours(30),
            rig -> {
              failing(rig);
              rig.world.condition(
                  "chat", "failing", Rig.json("{'invocationsPerMinute':60,'errorShare':1}"));
              rig.reconcileEvery(Duration.ofMinutes(5));
            },
            "INTENT(REPLACE)",
            "ROLLED_BACK(STILL_IN_ALARM)",
            "INTENT(REPLACE)",
            "INTENT(REPLACE)",
            "SUPPRESSED(COOLDOWN)",
            "ESCALATED(EXHAUSTED)",
            "ROLLED_BACK(STILL_IN_ALARM)",
            "ROLLED_BACK(STILL_IN_ALARM)"),
        new Story(
            "recovered at once",
            HOUR,
            rig -> {
              rig.mode("restart-endpoint", "auto");
              rig.endpoint("chat", 2);
              rig.errorsAlarm("chat");
              alarm(rig, "chat");
            },
            "SUPPRESSED(RECOVERED)"),
        new Story(
            "an alarm that is gone",
            HOUR,
            rig -> {
              rig.mode("restart-endpoint", "auto");
              rig.endpoint("chat", 2);
              alarm(rig, "chat");
            },
            "SUPPRESSED(ALARM_GONE)"),
        new Story(
            "no target",
            HOUR,
            rig -> {
              rig.mode("restart-endpoint", "auto");
              ObjectNode event = (ObjectNode) rig.alarmEvent("chat");
              ((ObjectNode) event.path("detail")).remove("configuration");
              event.putArray("resources");
              rig.remedy("restart-endpoint", "endpoint", "EndpointName", event);
              rig.remedy(
                  "restart-endpoint",
                  "endpoint",
                  "EndpointName",
                  Rig.json("{'detail-type':'x','detail':{}}"));
              rig.remedy("restart-endpoint", "endpoint", "EndpointName", Rig.json("{}"));
            },
            "ESCALATED(NO_TARGET)",
            "ESCALATED(NO_TARGET)",
            "ESCALATED(NO_TARGET)"),
        new Story(
            "a deployment asked for of an endpoint that is not the stack's",
            HOUR,
            rig -> {
              rig.mode("deploy-endpoint", "auto");
              rig.publish(
                  Rig.json(
                      "{'source':'weir.operator','detail-type':'Deployment Requested',"
                          + "'detail':{'target':'other-chat','config':'other-chat-2'}}"));
            },
            "ESCALATED(NO_TARGET)"),
        new Story(
            "the name of a protected endpoint in another case",
            HOUR,
            rig -> {
              rig.mode("restart-endpoint", "auto");
              rig.endpoint("chat-a", 2);
              tag(rig, "chat-a", "remediation:protected", "true");
              rig.put("chat-a", "{'EndpointStatus':'Failed'}");
              for (String name : List.of("chat-A", "chat-a")) {
                rig.remedy(
                    "restart-endpoint",
                    "endpoint",
                    "target",
                    Rig.json("{'detail-type':'x','detail':{'target':'%s'}}".formatted(name)));
              }
            },
            "ESCALATED(NO_TARGET)",
            "SUPPRESSED(PROTECTED)"),
        new Story(
            "the target in a tag",
            HOUR,
            rig -> {
              failing(rig);
              rig.call(
                  Service.CLOUDWATCH,
                  "TagResource",
                  "{'ResourceARN':'%s','Tags':[{'Key':'remediation:target','Value':'chat'}]}"
                      .formatted(rig.alarmEvent("chat").path("resources").path(0).asText()));
              ObjectNode event = (ObjectNode) rig.alarmEvent("chat");
              ((ObjectNode) event.path("detail")).remove("configuration");
              rig.time.advance(Duration.ofMinutes(4));
              rig.remedy("restart-endpoint", "endpoint", "EndpointName", event);
            },
            "INTENT(REPLACE)",
            "SUCCEEDED(REPLACE)"),
        new Story(
            "a fleet that fails",
            HOUR,
            rig -> {
              rig.mode("restart-endpoint", "auto");
              for (int i = 0; i < 6; i++) {
                rig.endpoint("chat-" + i, 1);
                rig.errorsAlarm("chat-" + i);
              }
              for (int i = 0; i < 5; i++) {
                rig.world.condition(
                    "chat-" + i, "failing", Rig.json("{'invocationsPerMinute':60}"));
              }
            },
            "SUPPRESSED(STORM)",
            "ESCALATED(STORM)"),
        failing(
            "the act is stopped by hand",
            rig -> rig.time.after(Duration.ofMinutes(5), () -> stop(rig, "act")),
            "INTENT(REPLACE)",
            "FAILED(ACT_CRASHED)"),
        failing(
            "the guard is stopped by hand",
            rig -> rig.time.after(Duration.ofMinutes(5), () -> stop(rig, "guard")),
            "INTENT(REPLACE)",
            "CRASHED(ABORTED)"),
        failing(
            "the guard is stopped early",
            rig -> rig.time.after(Duration.ofMillis(120_900), () -> stop(rig, "guard")),
            "CRASHED(ABORTED)"),
        failing(
            "switched off in between",
            rig -> rig.time.after(Duration.ofMinutes(4), () -> rig.mode("GLOBAL", "off")),
            "INTENT(REPLACE)",
            "FAILED(SWITCHED_OFF)"),
        failing(
            "set to dry-run in between",
            rig -> rig.time.after(Duration.ofMinutes(4), () -> rig.mode("GLOBAL", "dry-run")),
            "INTENT(REPLACE)",
            "FAILED(SWITCHED_OFF)"),
        failing(
            "set to a mode nobody knows in between",
            rig -> rig.time.after(Duration.ofMinutes(4), () -> rig.mode("GLOBAL", "full")),
            "INTENT(REPLACE)",
            "FAILED(SWITCHED_OFF)"),
        failing(
            "without a mode in between",
            rig ->
                rig.time.after(
                    Duration.ofMinutes(4), () -> rig.put("CONFIG", "restart-endpoint", Map.of())),
            "INTENT(REPLACE)",
            "FAILED(SWITCHED_OFF)"),
        failing(
            "set to approve in between",
            rig ->
                rig.time.after(
                    Duration.ofMinutes(4), () -> rig.mode("restart-endpoint", "approve")),
            "INTENT(REPLACE)",
            "SUCCEEDED(REPLACE)"),
        beforeIntent(
            "set to off before its intent", rig -> rig.mode("GLOBAL", "off"), "SUPPRESSED(OFF)"),
        beforeIntent(
            "set to dry-run before its intent",
            rig -> rig.mode("GLOBAL", "dry-run"),
            "PLANNED(DRY_RUN)"),
        beforeIntent(
            "set to approve before its intent",
            rig -> rig.mode("restart-endpoint", "approve"),
            "ESCALATED(APPROVAL_EXPIRED)"),
        beforeIntent(
            "set to a mode nobody knows before its intent",
            rig -> rig.mode("restart-endpoint", "full"),
            "SUPPRESSED(OFF)"),
        beforeIntent(
            "without a mode before its intent",
            rig -> rig.put("CONFIG", "GLOBAL", Map.of()),
            "SUPPRESSED(OFF)"),
        beforeIntent(
            "frozen before its intent",
            rig ->
                rig.put(
                    "CONFIG",
                    "GLOBAL",
                    Map.of(
                        "mode", Map.of("S", "auto"),
                        "freezeUntil", Map.of("N", soon(rig)))),
            "SUPPRESSED(FROZEN)"),
        failing(
            "the lease goes to another",
            rig ->
                rig.time.after(
                    Duration.ofMinutes(5),
                    () ->
                        rig.put(
                            "LOCK",
                            "endpoint/chat",
                            Map.of(
                                "fence",
                                Map.of("N", "99"),
                                "owner",
                                Map.of("S", "another"),
                                "leaseUntil",
                                Map.of("N", soon(rig))))),
            "INTENT(REPLACE)",
            "FAILED(LEASE_LOST)"));
  }

  /** An action that does as it is told shows what no real one gets the guard to do. */
  private static List<Story> scripted() {
    return List.of(
        told("nothing to do", "{'plan':'NONE','reason':'FINE'}", 1, "{}", "SUPPRESSED(FINE)"),
        told("no plan at all", "{}", 1, "{}", "ESCALATED(PLAN_FAILED)"),
        told(
            "done",
            "{'plan':'ACT','reason':'R','pollSeconds':5}",
            1,
            "{'outcome':'SUCCEEDED'}",
            "INTENT(R)",
            "SUCCEEDED()"),
        told(
            "an outcome nobody knows",
            "{'plan':'ACT','reason':'R'}",
            1,
            "{'outcome':'FINE'}",
            "INTENT(R)",
            "FAILED(ACT_CRASHED)"),
        told(
            "given up",
            "{'plan':'ACT','reason':'R'}",
            1,
            "{'outcome':'ABANDONED','severity':'CRITICAL'}",
            "INTENT(R)",
            "ABANDONED()"),
        told(
            "far too long",
            "{'plan':'ACT','reason':'R','pollSeconds':1}",
            7000,
            "{}",
            "INTENT(R)",
            "FAILED(ACT_TOO_LONG)"),
        told(
            "a target without tags",
            "{'plan':'ACT','reason':'R'}",
            1,
            "{'outcome':'SUCCEEDED'}",
            false,
            "INTENT(R)",
            "SUCCEEDED()"),
        new Story(
            "a row that cannot be written",
            HOUR,
            rig -> {
              rig.cable.fail("weir-guard", "Close", Integer.MAX_VALUE, "Some.Error", "no");
              tell(rig, "{'plan':'ACT','reason':'R'}", 1, "{'outcome':'SUCCEEDED'}", true);
            },
            "INTENT(R)",
            "CRASHED(FAILED)"),
        new Story(
            "a configuration half read",
            HOUR,
            rig -> {
              rig.cable.answer(
                  "weir-guard",
                  "ReadConfig",
                  Rig.json("{'Responses':{},'UnprocessedKeys':{'remediation':{'Keys':[]}}}"));
              tell(rig, "{'plan':'ACT','reason':'R'}", 1, "{'outcome':'SUCCEEDED'}", true);
            },
            "ESCALATED(CONFIG_UNREADABLE)"),
        new Story(
            "nothing can be read any more, and whether a place was taken is not known",
            HOUR,
            rig -> {
              rig.cable.lose(call -> call.state().equals("Enter"), 1);
              rig.cable.before(
                  "weir-guard",
                  "Enter",
                  () ->
                      rig.cable.fail(
                          "weir-guard", "ReadConfig", Integer.MAX_VALUE, "Some.Error", "no"));
              tell(rig, "{'plan':'ACT','reason':'R'}", 1, "{'outcome':'SUCCEEDED'}", true);
            },
            "INTENT(R)",
            "ESCALATED(CONFIG_UNREADABLE)"),
        new Story(
            "a conflict while closing",
            HOUR,
            rig -> {
              rig.cable.fail(
                  "weir-guard",
                  "Close",
                  2,
                  "DynamoDb.TransactionCanceledException",
                  "Transaction cancelled [TransactionConflict, None]");
              tell(rig, "{'plan':'ACT','reason':'R'}", 1, "{'outcome':'SUCCEEDED'}", true);
            },
            "INTENT(R)",
            "SUCCEEDED()"),
        new Story(
            "one in flight is enough",
            HOUR,
            rig -> {
              rig.put(
                  "CONFIG",
                  "scripted",
                  Map.of("mode", Map.of("S", "auto"), "inFlight", Map.of("N", "1")));
              for (int i = 0; i < 20; i++) {
                rig.put("chat-part-" + i, "{'EndpointStatus':'InService'}");
              }
              for (int i = 0; i < 3; i++) {
                told(
                    rig,
                    "chat-part-" + i,
                    "{'plan':'ACT','reason':'R'}",
                    60,
                    "{'outcome':'SUCCEEDED'}",
                    true);
              }
            },
            "SUPPRESSED(IN_FLIGHT)",
            "INTENT(R)",
            "SUCCEEDED()"),
        new Story(
            "one within an hour is enough",
            HOUR.plusMinutes(30),
            rig -> {
              rig.put(
                  "CONFIG",
                  "scripted",
                  Map.of("mode", Map.of("S", "auto"), "perHour", Map.of("N", "1")));
              for (int i = 0; i < 4; i++) {
                String part = "chat-part-" + i;
                rig.time.after(
                    Duration.ofMinutes(i == 3 ? 70 : i),
                    () -> {
                      rig.put(part, "{'EndpointStatus':'InService'}");
                      told(
                          rig,
                          part,
                          "{'plan':'ACT','reason':'R'}",
                          1,
                          "{'outcome':'SUCCEEDED'}",
                          true);
                    });
              }
            },
            "INTENT(R)",
            "SUCCEEDED()",
            "ESCALATED(PER_HOUR)",
            "SUPPRESSED(PER_HOUR)",
            "INTENT(R)",
            "SUCCEEDED()"),
        new Story(
            "a fleet of many pages",
            HOUR,
            rig -> {
              for (int i = 0; i < 101; i++) {
                rig.put("chat-part-" + i, "{'EndpointStatus':'InService'}");
              }
              tell(rig, "{'plan':'ACT','reason':'R'}", 1, "{'outcome':'SUCCEEDED'}", true);
            },
            "INTENT(R)",
            "SUCCEEDED()"),
        new Story(
            "owners that are gone",
            HOUR,
            GuardStories::gone,
            "CRASHED(LOST)",
            "CRASHED(LOST)",
            "CRASHED(LOST)",
            "CRASHED(LOST)",
            "CRASHED(LOST)"),
        new Story(
            "owners that are gone, and neither alarms nor endpoints can be looked at",
            HOUR,
            rig -> {
              for (String state : List.of("ReadAlarms", "ReadEndpoints")) {
                rig.cable.fail("weir-reconcile", state, Integer.MAX_VALUE, "Some.Error", "no");
              }
              gone(rig);
            },
            "CRASHED(LOST)",
            "CRASHED(LOST)",
            "CRASHED(LOST)",
            "CRASHED(LOST)",
            "CRASHED(LOST)"),
        new Story(
            "endpoints of many pages, one of them broken",
            Duration.ofMinutes(18),
            rig -> {
              rig.mode("restart-endpoint", "dry-run");
              rig.endpoint("chat", 2);
              for (int i = 0; i < 101; i++) {
                rig.put("chat-" + i, "{'EndpointStatus':'InService'}");
              }
              rig.put("chat", "{'EndpointStatus':'Failed'}");
              rig.reconcileEvery(Duration.ofMinutes(5));
            },
            "PLANNED(DRY_RUN)",
            "SUPPRESSED(COOLDOWN)"),
        new Story(
            "alarms of many pages",
            Duration.ofMinutes(20),
            rig -> {
              for (int i = 0; i < 101; i++) {
                rig.call(
                    Service.CLOUDWATCH,
                    "PutMetricAlarm",
                    "{'AlarmName':'weir-rem-restart-endpoint-%d','Namespace':'N','MetricName':'M','Dimensions':[{'Name':'EndpointName','Value':'chat-part-%d'}],'Statistic':'Sum','Period':60,'EvaluationPeriods':1,'Threshold':5,'ComparisonOperator':'GreaterThanThreshold','TreatMissingData':'breaching'}"
                        .formatted(i, i));
              }
              rig.reconcileEvery(Duration.ofMinutes(5));
            },
            "SUPPRESSED(OFF)"));
  }

  /** Five locks whose owners have ended unheard. */
  private static void gone(Rig rig) {
    for (int i = 0; i < 5; i++) {
      orphaned(rig, "chat-part-" + i, "run" + i, "scripted");
    }
    rig.reconcileEvery(Duration.ofMinutes(5));
  }

  /** A lock whose owner has ended, and whose lease with it. */
  private static void orphaned(Rig rig, String endpoint, String run, String action) {
    rig.put(
        "LOCK",
        "endpoint/" + endpoint,
        Map.of(
            "fence", Map.of("N", "7"),
            "owner", Map.of("S", "arn:aws:states:us-east-1:123456789012:execution:weir-guard:gone"),
            "leaseUntil", Map.of("N", "1"),
            "run", Map.of("S", run),
            "action", Map.of("S", action),
            "incident",
                Map.of("S", "2026-03-02T08:00:00Z-%s-endpoint/%s".formatted(action, endpoint))));
  }

  private static Story told(String name, String plan, int seconds, String end, String... rows) {
    return told(name, plan, seconds, end, true, rows);
  }

  private static Story told(
      String name, String plan, int seconds, String end, boolean tagged, String... rows) {
    return new Story(
        name, HOUR.multipliedBy(3), rig -> tell(rig, plan, seconds, end, tagged), rows);
  }

  private static void tell(Rig rig, String plan, int seconds, String end, boolean tagged) {
    rig.put("chat-part", "{'EndpointStatus':'InService'}");
    told(rig, "chat-part", plan, seconds, end, tagged);
  }

  private static void told(
      Rig rig, String target, String plan, int seconds, String end, boolean tagged) {
    if (rig.items("CONFIG").size() < 2) {
      rig.mode("scripted", "auto");
    }
    ObjectNode input =
        Rig.json(
            "{'action':'scripted','kind':'%s','dimension':'-','event':{'detail-type':'Told','source':'test','time':'%s','detail':{'target':'%s','plan':%s,'seconds':%d,'end':%s}}}"
                .formatted(
                    tagged ? "endpoint" : "thing", rig.time.instant(), target, plan, seconds, end));
    if (!tagged) {
      input.put("tagged", false);
    }
    rig.start("guard", input);
  }

  /** An endpoint whose invocations fail, from now on. */
  static Story failing(String name, Consumer<Rig> more, String... rows) {
    return new Story(
        name,
        HOUR.plusMinutes(30),
        rig -> {
          failing(rig);
          more.accept(rig);
        },
        rows);
  }

  /** Something changes between the last look at the modes and the record of the intent. */
  private static Story beforeIntent(String name, Consumer<Rig> change, String... rows) {
    return failing(
        name, rig -> rig.cable.before("weir-guard", "Enter", () -> change.accept(rig)), rows);
  }

  static void failing(Rig rig) {
    rig.mode("restart-endpoint", "auto");
    rig.endpoint("chat", 2);
    rig.errorsAlarm("chat");
    rig.world.condition("chat", "failing", Rig.json("{'invocationsPerMinute':60}"));
  }

  private static void alarm(Rig rig, String endpoint) {
    JsonNode event = rig.alarmEvent(endpoint);
    rig.time.after(
        Duration.ofMillis(121_000),
        () -> rig.remedy("restart-endpoint", "endpoint", "EndpointName", event));
  }

  static void approve(Rig rig, JsonNode request) {
    rig.account
        .machines()
        .sendTaskSuccess(request.path("token").asText(), "{\"approvedBy\":\"ann\"}");
  }

  static void tag(Rig rig, String key, String value) {
    tag(rig, "chat", key, value);
  }

  private static void tag(Rig rig, String endpoint, String key, String value) {
    rig.call(
        "AddTags",
        "{'ResourceArn':'arn:aws:sagemaker:us-east-1:123456789012:endpoint/%s','Tags':[{'Key':'%s','Value':'%s'}]}"
            .formatted(endpoint, key, value));
  }

  private static void limit(Rig rig, String name, int value) {
    rig.put(
        "CONFIG",
        "restart-endpoint",
        Map.of("mode", Map.of("S", "auto"), name, Map.of("N", "" + value)));
  }

  private static String soon(Rig rig) {
    return "" + rig.time.instant().plusSeconds(7200).getEpochSecond();
  }

  static void stop(Rig rig, String what) {
    var all = what.equals("act") ? rig.actions() : rig.all(what);
    all.forEach(execution ->
        rig.account
            .machines()
            .stopExecution(execution.executionArn(), Optional.empty(), Optional.of("by hand")));
  }
}
