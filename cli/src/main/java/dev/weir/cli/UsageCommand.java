package dev.weir.cli;

import dev.weir.ledger.Bill;
import dev.weir.ledger.Usage;
import dev.weir.store.LedgerTable;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code weir usage}: what a tenant used and was charged, added up from its ledger rows. */
@Command(
    name = "usage",
    mixinStandardHelpOptions = true,
    description = "What a tenant used and was charged, by day, model, key or outcome.")
final class UsageCommand implements Callable<Integer> {

  private static final int LONGEST_DAYS = 400;

  /** How it is written. */
  enum Format {
    TABLE,
    CSV
  }

  @ParentCommand Weir weir = Weir.UNWIRED;

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "TENANT")
  String tenant = "";

  @Option(names = "--from", description = "First UTC day. Default: the first of --to's month.")
  Optional<LocalDate> from = Optional.empty();

  @Option(names = "--to", description = "Last UTC day. Default: today.")
  Optional<LocalDate> to = Optional.empty();

  @Option(
      names = "--by",
      defaultValue = "MODEL",
      description = "${COMPLETION-CANDIDATES}. Default: MODEL.")
  Bill.By by = Bill.By.MODEL;

  @Option(
      names = "--format",
      defaultValue = "TABLE",
      description = "${COMPLETION-CANDIDATES}. Default: TABLE.")
  Format format = Format.TABLE;

  @Option(
      names = "--ledger",
      required = true,
      defaultValue = "${env:LEDGER_TABLE}",
      description = "The stack's LedgerTableName output (default: $LEDGER_TABLE).")
  String ledger = "";

  @Override
  public Integer call() {
    LocalDate last = to.orElseGet(() -> LocalDate.now(ZoneOffset.UTC));
    LocalDate first = from.orElse(last.withDayOfMonth(1));
    if (first.isAfter(last) || first.isBefore(last.minusDays(LONGEST_DAYS))) {
      throw new ParameterException(
          spec.commandLine(),
          "--from must be 0 to %d days before --to, not %s to %s"
              .formatted(LONGEST_DAYS, first, last));
    }
    LedgerTable table = weir.ledger(ledger);
    Bill bill = new Bill(by);
    first.datesUntil(last.plusDays(1)).forEach(day -> table.read(tenant, day, bill::add));
    PrintWriter out = spec.commandLine().getOut();
    line(
        out,
        by.name().toLowerCase(Locale.ROOT),
        "calls",
        "input",
        "output",
        "cached",
        "estimated",
        "USD");
    bill.lines().forEach((name, sum) -> line(out, name, sum));
    if (format == Format.TABLE) {
      line(out, "total", bill.total());
    }
    return 0;
  }

  private void line(PrintWriter out, String name, Bill.Sum sum) {
    Usage usage = sum.usage();
    line(
        out,
        name,
        Long.toString(sum.calls()),
        Long.toString(usage.inputTokens()),
        Long.toString(usage.outputTokens()),
        Long.toString(usage.promptTokens() - usage.inputTokens()),
        Long.toString(sum.estimated()),
        BigDecimal.valueOf(sum.cost().picoUsd(), 12).toPlainString());
  }

  private void line(PrintWriter out, String name, String... figures) {
    if (format == Format.CSV) {
      out.println(name + "," + String.join(",", figures));
    } else {
      out.printf(
          "%-24s %8s %12s %12s %12s %9s %20s%n",
          name, figures[0], figures[1], figures[2], figures[3], figures[4], figures[5]);
    }
  }
}
