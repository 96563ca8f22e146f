package dev.weir.statemachines;

import dev.weir.states.definition.Definition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The definitions beside this module's pom, with what the template puts into them. */
final class Machines {
  static final String STACK = "weir";
  static final String TABLE = "remediation";
  static final int MAX_INSTANCES = 4;
  private static final String ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:weir-";
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(\\w+)}");

  private static final Map<String, String> VALUES =
      Map.ofEntries(
          Map.entry("RemediationTable", TABLE),
          Map.entry("TenantsTable", "tenants"),
          Map.entry("Environment", "dev"),
          Map.entry("MonthlyBudgetUsd", "50"),
          Map.entry("BudgetSwitches", "model:nova-pro,all"),
          Map.entry("StackName", STACK),
          Map.entry("EndpointPrefix", Rig.PREFIX),
          Map.entry("Partition", "aws"),
          Map.entry("Region", "us-east-1"),
          Map.entry("Account", "123456789012"),
          Map.entry("Registry", "123456789012.dkr.ecr.us-east-1.amazonaws.com"),
          Map.entry("Actions", ARN + "act-"),
          Map.entry("Escalate", ARN + "escalate"),
          Map.entry("ApprovalFunction", "approval"),
          Map.entry("ProbeFunction", "probe"),
          Map.entry("IdleFunction", "idle"),
          Map.entry("DriftFunction", "drift"),
          Map.entry("BaselineFunction", "baseline"),
          Map.entry("DriftBucket", "drift-data"),
          Map.entry("TrainingRole", "arn:aws:iam::123456789012:role/training"),
          Map.entry("WindowHours", "6"),
          Map.entry("ForecastFunction", "forecast"),
          Map.entry("ProbeBudgetMillis", "2000"),
          Map.entry("BakeMinutes", "3"),
          Map.entry("HoldMinutes", "15"),
          Map.entry("MaxInstances", "" + MAX_INSTANCES),
          Map.entry("OnCallTopic", "arn:aws:sns:us-east-1:123456789012:on-call"),
          Map.entry("RemediationTopic", "arn:aws:sns:us-east-1:123456789012:remediation"),
          Map.entry("RunbookUrl", "https://example.com/runbooks/"));

  private static final List<Machine> ALL = forEndpoints(Rig.PREFIX);

  /** A machine by the name it has in the account. */
  record Machine(String name, String text, Definition definition) {}

  private Machines() {}

  static List<Machine> all() {
    return ALL;
  }

  /** As they are in a stack whose endpoints' names begin so. */
  static List<Machine> forEndpoints(String prefix) {
    Map<String, String> values = new TreeMap<>(VALUES);
    values.put("EndpointPrefix", prefix);
    return read(values);
  }

  static Machine named(String name) {
    return ALL.stream().filter(machine -> machine.name().equals(name)).findFirst().orElseThrow();
  }

  /** Texts by the machines' names. */
  static Map<String, String> texts() {
    Map<String, String> texts = new TreeMap<>();
    ALL.forEach(machine -> texts.put(machine.name(), machine.text()));
    return texts;
  }

  /** Definitions by the machines' names. */
  static Map<String, Definition> definitions() {
    Map<String, Definition> definitions = new TreeMap<>();
    ALL.forEach(machine -> definitions.put(machine.name(), machine.definition()));
    return definitions;
  }

  private static List<Machine> read(Map<String, String> values) {
    try (Stream<Path> shipped = Files.list(Path.of(""));
        Stream<Path> scripted = Files.list(Path.of("src/test/resources"))) {
      return Stream.concat(shipped, scripted)
          .filter(path -> path.toString().endsWith(".asl.json"))
          .sorted()
          .map(file -> read(file, values))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Machine read(Path file, Map<String, String> values) {
    try {
      String text = filled(Files.readString(file), values);
      String name = file.getFileName().toString().replace(".asl.json", "");
      boolean action = text.contains("$states.input.phase") && !name.startsWith("act-");
      return new Machine(STACK + (action ? "-act-" : "-") + name, text, Definition.read(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String filled(String text, Map<String, String> values) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(match -> {
          String value = values.get(match.group(1));
          if (value == null) {
            throw new IllegalArgumentException("nothing to put in for " + match.group());
          }
          return value;
        });
  }
}
