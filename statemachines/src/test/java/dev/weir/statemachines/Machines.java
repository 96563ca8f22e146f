package dev.weir.statemachines;

import dev.weir.states.definition.Definition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The definitions beside this module's pom, with what the template puts into them. */
final class Machines {
  static final String STACK = "weir";
  static final String TABLE = "remediation";
  private static final String ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:weir-";
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(\\w+)}");

  private static final Map<String, String> VALUES =
      Map.ofEntries(
          Map.entry("RemediationTable", TABLE),
          Map.entry("StackName", STACK),
          Map.entry("Partition", "aws"),
          Map.entry("Region", "us-east-1"),
          Map.entry("Account", "123456789012"),
          Map.entry("Actions", ARN + "act-"),
          Map.entry("Escalate", ARN + "escalate"),
          Map.entry("ApprovalFunction", "approval"),
          Map.entry("ProbeFunction", "probe"),
          Map.entry("ProbeBudgetMillis", "2000"),
          Map.entry("BakeMinutes", "3"),
          Map.entry("OnCallTopic", "arn:aws:sns:us-east-1:123456789012:on-call"),
          Map.entry("RemediationTopic", "arn:aws:sns:us-east-1:123456789012:remediation"),
          Map.entry("RunbookUrl", "https://example.com/runbooks/"));

  private static final Map<String, String> TEXTS = read();

  private Machines() {}

  /** Definitions by the machines' names. */
  static Map<String, String> texts() {
    return TEXTS;
  }

  static Map<String, Definition> definitions() {
    Map<String, Definition> definitions = new TreeMap<>();
    TEXTS.forEach((name, text) -> definitions.put(name, Definition.read(text)));
    return definitions;
  }

  private static Map<String, String> read() {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.list(Path.of(""))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".asl.json")).toList()) {
        String text = Files.readString(file);
        String name = file.getFileName().toString().replace(".asl.json", "");
        boolean action = text.contains("$states.input.phase");
        texts.put(STACK + (action ? "-act-" : "-") + name, filled(text));
      }
      return texts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String filled(String text) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(match -> {
          String value = VALUES.get(match.group(1));
          if (value == null) {
            throw new IllegalArgumentException("nothing to put in for " + match.group());
          }
          return value;
        });
  }
}
