package dev.weir.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.cli.Deployment.Answer;
import dev.weir.ledger.Bill;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code weir usage}: what a tenant used and was charged, added up from its ledger rows. */
@Command(
    name = "usage",
    mixinStandardHelpOptions = true,
    description = "What a tenant used and was charged, by day, model, key or outcome.")
final class UsageCommand implements Callable<Integer> {

  private static final String[] FIGURES = {
    "calls",
    "inputTokens",
    "outputTokens",
    "cacheReadTokens",
    "cacheWriteTokens",
    "estimatedCalls",
    "usd",
    "cacheSavedUsd",
    "cascadeSavedUsd"
  };

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

  @Mixin Deployment deployment = new Deployment();

  @Override
  public Integer call() {
    deployment.needsLedger();
    Map<String, String> query = new HashMap<>();
    query.put("by", by.name().toLowerCase(Locale.ROOT));
    from.ifPresent(day -> query.put("from", day.toString()));
    to.ifPresent(day -> query.put("to", day.toString()));
    Answer answer =
        deployment.ask(
            weir, "GET", List.of("tenants", tenant, "usage"), query, Map.of(), Optional.empty());
    if (answer.isRefused()) {
      return deployment.refused(answer);
    }
    PrintWriter out = spec.commandLine().getOut();
    line(
        out,
        by.name().toLowerCase(Locale.ROOT),
        "calls",
        "input",
        "output",
        "cache-read",
        "cache-write",
        "estimated",
        "USD",
        "cache-saved-USD",
        "cascade-saved-USD~");
    for (JsonNode sum : answer.body().path("lines")) {
      line(out, sum.path("name").asText(), figures(sum));
    }
    if (format == Format.TABLE) {
      line(out, "total", figures(answer.body().path("total")));
    }
    return 0;
  }

  private static String[] figures(JsonNode sum) {
    String[] figures = FIGURES.clone();
    for (int i = 0; i < figures.length; i++) {
      figures[i] = sum.path(figures[i]).asText();
    }
    return figures;
  }

  private void line(PrintWriter out, String name, String... figures) {
    if (format == Format.CSV) {
      out.println(name + "," + String.join(",", figures));
    } else {
      out.printf(
          "%-24s %8s %12s %12s %12s %12s %9s %20s %20s %20s%n",
          Stream.concat(Stream.of(name), Stream.of(figures)).toArray());
    }
  }
}
