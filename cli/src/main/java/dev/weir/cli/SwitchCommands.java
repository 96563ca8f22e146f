package dev.weir.cli;

import dev.weir.audit.AuditEntry;
import dev.weir.killswitch.Off;
import dev.weir.killswitch.Target;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code weir switch …}: the kill switches of one deployment. */
@Command(
    name = "switch",
    mixinStandardHelpOptions = true,
    description = "Turn things off and on within 5 s, running answers included.")
final class SwitchCommands {

  private static final String WHAT =
      "all, tenant:ID, key:ID, model:NAME, door:chat or tool:FUNCTION.";

  @ParentCommand Weir weir = Weir.UNWIRED;

  @Spec CommandSpec spec = CommandSpec.create();

  @Command(mixinStandardHelpOptions = true, description = "Turn something off.")
  int off(
      @Parameters(paramLabel = "WHAT", description = WHAT) String what,
      @Option(names = "--why", required = true, description = "Shown to clients.") String why,
      @Option(
              names = "--by",
              required = true,
              defaultValue = "${env:USER:-unknown}",
              description = "Who does it. Default: $USER.")
          String by,
      @Mixin ChangeOption change,
      @Mixin TableOption table) {
    Target target = target(what);
    weir.switches(table.table).turnOff(new Off(target, Instant.now().toEpochMilli(), by, why));
    spec.commandLine().getOut().println("off " + target.text());
    change.made(weir, AuditEntry.ADMIN, by, "switch.off", target.text(), Map.of("why", why));
    return 0;
  }

  @Command(mixinStandardHelpOptions = true, description = "Turn something on again.")
  int on(
      @Parameters(paramLabel = "WHAT", description = WHAT) String what,
      @Option(
              names = "--by",
              required = true,
              defaultValue = "${env:USER:-unknown}",
              description = "Who does it. Default: $USER.")
          String by,
      @Mixin ChangeOption change,
      @Mixin TableOption table) {
    Target target = target(what);
    weir.switches(table.table).turnOn(target);
    spec.commandLine().getOut().println("on " + target.text());
    change.made(weir, AuditEntry.ADMIN, by, "switch.on", target.text(), Map.of());
    return 0;
  }

  @Command(mixinStandardHelpOptions = true, description = "Show what is off, since when and why.")
  int list(@Mixin TableOption table) {
    weir.switches(table.table).off().stream()
        .sorted(Comparator.comparing(off -> off.target().text()))
        .forEach(off ->
            spec.commandLine()
                .getOut()
                .printf(
                    "%s off since %s by %s: %s%n",
                    off.target().text(),
                    Instant.ofEpochMilli(off.atMillis()),
                    off.by(),
                    off.why()));
    return 0;
  }

  private Target target(String what) {
    try {
      return Target.parse(what);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }
}
