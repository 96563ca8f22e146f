package dev.weir.remediation;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.weir.remediation.CaptureFiles.Taken;
import dev.weir.remediation.DriftRecords.Kept;
import dev.weir.remedy.drift.Baseline;
import dev.weir.remedy.drift.DriftRules;
import dev.weir.remedy.drift.Finding;
import dev.weir.remedy.drift.History;
import dev.weir.remedy.drift.History.Mark;
import dev.weir.remedy.drift.Outcome;
import dev.weir.remedy.drift.Score;
import dev.weir.remedy.drift.Window;
import dev.weir.store.ObjectReader;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import dev.weir.telemetry.Names;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Judges one window of what an endpoint was asked against the baseline, with the windows before it.
 * The same window judged again replaces itself, so it may be asked whenever and however often.
 */
public final class DriftHandler implements RequestStreamHandler {

  private static final Duration LONGEST = Duration.ofDays(7);

  /** Lines of another kind, as a share of all, above which a file was not what it should be. */
  private static final double DAMAGED_SHARE = 0.01;

  /** Kept to judge, to write and to reply. */
  private static final int RESERVE_MILLIS = 20_000;

  private final Optional<ObjectReader> bucket;
  private final String prefix;
  private final DriftRecords records;
  private final InstantSource clock;
  private final Log log;

  /** Wired from the function's environment variables. */
  public DriftHandler() {
    this(new Wiring("drift"));
  }

  private DriftHandler(Wiring wiring) {
    this(
        wiring.bucket(),
        wiring.environment().getOrDefault("WEIR_DRIFT_PREFIX", ""),
        new DriftRecords(wiring.table()),
        wiring.clock(),
        wiring.log());
  }

  /**
   * @param bucket empty where the stack captures nothing
   */
  DriftHandler(
      Optional<ObjectReader> bucket,
      String prefix,
      DriftRecords records,
      InstantSource clock,
      Log log) {
    this.bucket = bucket;
    this.prefix = prefix;
    this.records = records;
    this.clock = clock;
    this.log = log;
  }

  @Override
  public void handleRequest(InputStream event, OutputStream out, Context context)
      throws IOException {
    Ask ask = Ask.read(event);
    Span span = Span.of(ask);
    DriftRules rules = rules(ask.part("rules"));
    BooleanSupplier hasTime = () -> context.getRemainingTimeInMillis() > RESERVE_MILLIS;
    DriftReply reply = judge(span, rules, hasTime);
    measure(span, reply.outcome());
    Ask.write(reply.json(), out);
  }

  /**
   * What is to be judged.
   *
   * @param from an hour's beginning, as {@code to}
   */
  record Span(String endpoint, String variant, Instant from, Instant to) {

    static Span of(Ask ask) {
      Ask window = ask.part("window");
      Span span =
          new Span(
              ask.name("endpoint"),
              ask.name("variant", "AllTraffic"),
              window.requiredTime("from"),
              window.requiredTime("to"));
      boolean wholeHours =
          span.from.equals(span.from.truncatedTo(ChronoUnit.HOURS))
              && span.to.equals(span.to.truncatedTo(ChronoUnit.HOURS));
      Duration length = Duration.between(span.from, span.to);
      if (!wholeHours || !length.isPositive() || length.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException("a window is of whole hours, up to 7 days");
      }
      return span;
    }
  }

  private static DriftRules rules(Ask ask) {
    DriftRules usual = DriftRules.DEFAULT;
    return new DriftRules(
        ask.whole("minRows", (int) usual.minRows()),
        ask.number("warn", usual.warn()),
        ask.number("act", usual.act()),
        ask.number("featureShare", usual.featureShare()),
        ask.whole("windows", usual.windows()),
        ask.whole("drifted", usual.drifted()));
  }

  private DriftReply judge(Span span, DriftRules rules, BooleanSupplier hasTime) {
    Optional<Baseline> baseline = records.baseline(span.endpoint(), span.variant());
    if (baseline.isEmpty() || bucket.isEmpty()) {
      String reason = baseline.isEmpty() ? "there is no baseline" : "no bucket is captured to";
      return new DriftReply(
          span, new Outcome.JobFailed(reason), "", rules, Taken.NOTHING, History.NONE);
    }
    Seen seen = look(span, rules, baseline.get(), bucket.get(), hasTime);
    Kept before = records.history(span.endpoint(), span.variant());
    String id = baseline.get().id();
    Mark mark =
        new Mark(span.from(), span.to(), id, seen.finding().psi(), seen.finding().hasDrifted());
    History history = before.history().with(mark, rules.windows());
    Outcome outcome = Outcome.of(seen.finding(), history.drifted(), rules);
    records.keep(span.endpoint(), span.variant(), before, history, outcome.name(), clock.instant());
    return new DriftReply(span, outcome, id, rules, seen.taken(), history);
  }

  private record Seen(Finding finding, Taken taken) {}

  private Seen look(
      Span span,
      DriftRules rules,
      Baseline baseline,
      ObjectReader objects,
      BooleanSupplier hasTime) {
    Window window = new Window(baseline);
    try {
      Taken taken = new CaptureFiles(objects, prefix).read(span, baseline.order(), window, hasTime);
      Finding finding =
          taken.damaged() > DAMAGED_SHARE * taken.lines()
              ? new Finding.Unread(taken.damaged() + " lines are none of a data capture")
              : Finding.of(window, rules);
      return new Seen(finding, taken);
    } catch (IOException e) {
      return new Seen(new Finding.Unread(String.valueOf(e.getMessage())), Taken.NOTHING);
    }
  }

  private void measure(Span span, Outcome outcome) {
    Line line =
        Line.info("drift")
            .with(Names.ENDPOINT, span.endpoint())
            .with("variant", span.variant())
            .with("window", span.from().toString())
            .with("outcome", outcome.name());
    switch (outcome) {
      case Outcome.Drift(Score score, int _) -> compared(line, score, 1);
      case Outcome.Ok(Score score, int _) -> compared(line, score, 0);
      case Outcome.SchemaBroken _, Outcome.JobFailed _ ->
          line.metric(Names.DRIFT_INCIDENTS, Line.Unit.COUNT, 1);
      case Outcome.NoData _ -> {}
    }
    log.write(line);
  }

  private static void compared(Line line, Score score, int persistent) {
    line.metric(Names.DRIFT_PSI, Line.Unit.NONE, score.psi())
        .metric(Names.DRIFT_COLUMNS, Line.Unit.COUNT, score.drifted().size())
        .metric(Names.DRIFT_PERSISTENT, Line.Unit.COUNT, persistent);
  }
}
