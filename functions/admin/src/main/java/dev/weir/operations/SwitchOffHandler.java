package dev.weir.operations;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.admin.AutomaticSwitch;
import dev.weir.admin.Caller;
import dev.weir.killswitch.Target;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns off what is declared for an alarm or an AWS budget, when SNS says that it has gone off
 * (CloudWatch user guide, alarm notifications; AWS Budgets user guide, notifications by SNS). Only
 * names that are declared do anything, and what is off already keeps its reason.
 */
public final class SwitchOffHandler implements RequestStreamHandler {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern BUDGET = Pattern.compile("(?m)^Budget Name: *(.+?) *$");

  private final Map<String, Target> rules;
  private final AutomaticSwitch automatic;
  private final Log log;

  /** Wired from the function's environment variables. */
  public SwitchOffHandler() {
    this(
        SwitchOffRules.parse(System.getenv().getOrDefault("WEIR_SWITCH_OFF_RULES", "")),
        new Wiring());
  }

  private SwitchOffHandler(Map<String, Target> rules, Wiring wiring) {
    this(rules, wiring.automaticSwitch(), wiring.log());
    wiring.announce("switch-off");
  }

  SwitchOffHandler(Map<String, Target> rules, AutomaticSwitch automatic, Log log) {
    this.rules = rules;
    this.automatic = automatic;
    this.log = log;
  }

  @Override
  public void handleRequest(InputStream event, OutputStream out, Context context)
      throws IOException {
    for (JsonNode each : JSON.readTree(event).path("Records")) {
      JsonNode sns = each.path("Sns");
      String message = sns.path("Message").asText();
      Optional<String> cause = alarm(message).or(() -> budget(message));
      Optional<Target> target = cause.flatMap(name -> Optional.ofNullable(rules.get(name)));
      if (cause.isPresent() && target.isPresent()) {
        automatic.turnOff(
            target.get(),
            cause.get() + " has gone off",
            new Caller("sns/" + cause.get(), sns.path("MessageId").asText()));
      } else {
        log.write(
            Line.info("notification_ignored")
                .with("cause", cause)
                .with("messageId", sns.path("MessageId").asText()));
      }
    }
  }

  /** The alarm that has gone off; none when it has calmed down. */
  private static Optional<String> alarm(String message) {
    try {
      JsonNode alarm = JSON.readTree(message);
      return alarm.path("NewStateValue").asText().equals("ALARM")
          ? Optional.of(alarm.path("AlarmName").asText())
          : Optional.empty();
    } catch (IOException noJson) {
      return Optional.empty();
    }
  }

  private static Optional<String> budget(String message) {
    Matcher name = BUDGET.matcher(message);
    return name.find() ? Optional.of(SwitchOffRules.BUDGET + name.group(1)) : Optional.empty();
  }
}
