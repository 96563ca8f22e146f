package dev.weir.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.audit.AuditEntry;
import dev.weir.audit.Flaw;
import dev.weir.audit.Report;
import dev.weir.audit.Verifier;
import dev.weir.audit.Verifier.Kept;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code weir audit …}: whether what was decided is still as it was written. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description = "Verify, seal and read the hash chain of a tenant's decisions.")
final class AuditCommands {

  private static final String CHAIN =
      "The tenant; " + AuditEntry.ADMIN + " for what belongs to none.";

  /** Which ledger table, where the chains are. */
  static final class LedgerOption {
    @Option(
        names = "--ledger",
        required = true,
        defaultValue = "${env:LEDGER_TABLE}",
        description = "The stack's LedgerTableName output (default: $LEDGER_TABLE).")
    String table = "";
  }

  /** Which segments are read. */
  static final class SpanOptions {
    @Option(names = "--from", description = "First UTC day. Default: the beginning.")
    Optional<LocalDate> from = Optional.empty();

    @Option(names = "--to", description = "Last UTC day. Default: now.")
    Optional<LocalDate> to = Optional.empty();

    Verifier.Span span() {
      return new Verifier.Span(
          from.map(SpanOptions::begin).orElse(Instant.EPOCH),
          to.map(day -> begin(day.plusDays(1))).orElse(Instant.MAX));
    }

    private static Instant begin(LocalDate day) {
      return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
  }

  @ParentCommand Weir weir = Weir.UNWIRED;

  @Spec CommandSpec spec = CommandSpec.create();

  @Command(
      mixinStandardHelpOptions = true,
      description = {
        "Find any edit, deletion or reordering; exit status 1 if there is one.",
        "Prints a witness, to be kept elsewhere and given to a later verification."
      })
  int verify(
      @Parameters(paramLabel = "TENANT", description = CHAIN) String chain,
      @Option(
              names = "--witness",
              description =
                  "LINKS:DIGEST of an earlier verification: the chain must still hold it.")
          Optional<String> witness,
      @Mixin SpanOptions span,
      @Mixin LedgerOption ledger) {
    Report report =
        weir.verifier(ledger.table).verify(chain, span.span(), witness.map(this::witness), _ -> {});
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%d entries in %d segments, %d of them open%n",
        report.entries(), report.segments(), report.open());
    return sound(report, () -> out.printf("witness %d:%s%n", report.links(), report.hash()));
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Show one decision by its request id, and whether its chain is sound.")
  int show(
      @Parameters(paramLabel = "TENANT", description = CHAIN) String chain,
      @Parameters(paramLabel = "REQUEST_ID", description = "As x-request-id had it.") String trace,
      @Mixin SpanOptions span,
      @Mixin LedgerOption ledger) {
    List<Kept> found = new ArrayList<>();
    Report report =
        weir.verifier(ledger.table)
            .verify(
                chain,
                span.span(),
                Optional.empty(),
                kept -> {
                  if (kept.isOf(trace)) {
                    found.add(kept);
                  }
                });
    found.forEach(this::print);
    if (found.isEmpty()) {
      spec.commandLine().getErr().println("weir: no entry of " + trace);
      return 1;
    }
    return sound(report, () -> {});
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Seal the segments of environments that are gone, as they are found.")
  int seal(
      @Parameters(paramLabel = "TENANT", description = CHAIN) String chain,
      @Mixin LedgerOption ledger) {
    spec.commandLine()
        .getOut()
        .printf("sealed %d segments%n", weir.chains(ledger.table).sealAbandoned(chain));
    return 0;
  }

  private int sound(Report report, Runnable then) {
    if (report.flaw().isEmpty()) {
      then.run();
      return 0;
    }
    Flaw flaw = report.flaw().get();
    spec.commandLine()
        .getErr()
        .printf(
            "weir: %s: entry %d of %s: %s%s%n",
            flaw.kind().name().toLowerCase(Locale.ROOT),
            flaw.seq(),
            flaw.strand(),
            flaw.why(),
            flaw.kind() == Flaw.Kind.UNSEALED ? "; weir audit seal closes it" : "");
    return 1;
  }

  private void print(Kept kept) {
    read(kept.body()).properties().forEach(field -> print(field.getKey(), text(field)));
    if (!kept.row().isEmpty()) {
      read(kept.row())
          .properties()
          .forEach(field -> print(field.getKey(), untyped(field.getValue())));
    }
    print("segment", "%s number %d, %s".formatted(kept.segment(), kept.seq(), kept.hash()));
  }

  private void print(String name, String value) {
    spec.commandLine().getOut().printf("%-12s %s%n", name, value);
  }

  private static JsonNode read(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A value of DynamoDB's JSON without its types. */
  private static String untyped(JsonNode typed) {
    Map.Entry<String, JsonNode> value = typed.properties().iterator().next();
    return switch (value.getKey()) {
      case "M" ->
          value.getValue().properties().stream()
              .map(field -> field.getKey() + " " + untyped(field.getValue()))
              .collect(Collectors.joining(", "));
      case "L" ->
          value
              .getValue()
              .valueStream()
              .map(AuditCommands::untyped)
              .collect(Collectors.joining("; "));
      default -> value.getValue().asText();
    };
  }

  private static String text(Map.Entry<String, JsonNode> field) {
    return field.getKey().equals("at")
        ? Instant.ofEpochMilli(field.getValue().asLong()).toString()
        : field.getValue().asText().replace("\n", "; ");
  }

  private Verifier.Witness witness(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 2 || !parts[0].matches("[1-9][0-9]{0,9}") || parts[1].length() != 64) {
      throw new ParameterException(
          spec.commandLine(), "--witness is LINKS:DIGEST as verify printed it, not " + text);
    }
    return new Verifier.Witness(Long.parseLong(parts[0]), parts[1]);
  }
}
