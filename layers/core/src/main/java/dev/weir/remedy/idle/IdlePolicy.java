package dev.weir.remedy.idle;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Truth tables: what is used, what is not, and what cannot be said. */
public final class IdlePolicy {

  private static final String IN_SERVICE = "InService";

  /** Apps whose idleness SageMaker itself can watch (IdleSettings of the domain or space). */
  private static final Set<String> WATCHED_APPS = Set.of("JupyterLab", "CodeEditor");

  /** Apps that are only deleted when a person agrees. */
  private static final Set<String> OTHER_APPS =
      Set.of("KernelGateway", "JupyterServer", "Canvas", "RStudioServerPro", "RSessionGateway");

  private final IdleRules rules;

  public IdlePolicy(IdleRules rules) {
    this.rules = rules;
  }

  /**
   * A notebook instance.
   *
   * @param started when it last came into service
   * @param heartbeat the last one, if there was any
   */
  public record Notebook(
      String status, Instant started, Map<String, String> tags, Optional<Heartbeat> heartbeat) {}

  /**
   * A Studio app. Its LastUserActivityTimestamp is not asked for: health checks renew it.
   *
   * @param type such as {@code JupyterLab}
   * @param nativeIdle whether SageMaker's own idle shutdown is on
   */
  public record App(
      String type,
      String status,
      Instant created,
      boolean nativeIdle,
      Map<String, String> tags,
      Optional<Heartbeat> heartbeat) {}

  /**
   * An endpoint.
   *
   * @param environment what its tags say it is for, such as {@code dev}
   * @param changed when it was created or last updated
   * @param invocations their sum over the last {@link IdleRules#endpointAfter}; empty where there
   *     is no data point
   * @param cpuPoints hours of that time with data points of its CPU, which prove that metrics
   *     arrived in them; of several variants the fewest
   */
  public record DevEndpoint(
      String status,
      String environment,
      Instant changed,
      Map<String, String> tags,
      OptionalDouble invocations,
      int cpuPoints) {}

  /**
   * A job, or what jobs and endpoints leave behind.
   *
   * @param running whether it costs by the hour
   * @param created when it began
   * @param referenced whether an endpoint, or a configuration kept for rollback, needs it
   */
  public record Leftover(
      boolean running, Instant created, Map<String, String> tags, boolean referenced) {}

  /** Judges a notebook instance. */
  public Verdict notebook(Notebook notebook, Instant now) {
    return Standing.leftAlone(notebook.tags(), now)
        .or(() -> notInService(notebook.status()))
        .or(() -> young(notebook.started(), rules.heartbeatLimit(), now))
        .orElseGet(() -> byHeartbeat(notebook.heartbeat(), notebook.started(), now));
  }

  /** Judges a Studio app. */
  public Verdict app(App app, Instant now) {
    if (!WATCHED_APPS.contains(app.type()) && !OTHER_APPS.contains(app.type())) {
      return Verdict.skip("UNKNOWN_TYPE", "nothing is known of apps of type " + app.type());
    }
    return Standing.leftAlone(app.tags(), now)
        .or(() -> notInService(app.status()))
        .or(() -> young(app.created(), rules.heartbeatLimit(), now))
        .orElseGet(() -> running(app, now));
  }

  private Verdict running(App app, Instant now) {
    if (WATCHED_APPS.contains(app.type())) {
      if (app.nativeIdle()) {
        return Verdict.skip("NATIVE", "SageMaker's own idle shutdown is on");
      }
      return app.heartbeat().isPresent()
          ? byHeartbeat(app.heartbeat(), app.created(), now)
          : Verdict.unknown("NATIVE_OFF", "its idle shutdown is off and it has no heartbeat");
    }
    if (app.heartbeat().isPresent()) {
      return byHeartbeat(app.heartbeat(), app.created(), now).asking();
    }
    Duration age = Duration.between(app.created(), now);
    return age.compareTo(rules.ageLimit()) > 0
        ? Verdict.idle("OLD", "it has run for " + age.toDays() + " days").asking()
        : Verdict.unknown("HEARTBEAT_MISSING", "it has no heartbeat");
  }

  /** Judges an endpoint. */
  public Verdict endpoint(DevEndpoint endpoint, Instant now) {
    return Standing.leftAlone(endpoint.tags(), now)
        .or(() ->
            endpoint.environment().equals("dev")
                ? Optional.empty()
                : Optional.of(Verdict.skip("NOT_DEV", "it is no endpoint for development")))
        .or(() -> notInService(endpoint.status()))
        .or(() -> young(endpoint.changed(), rules.endpointAfter(), now))
        .orElseGet(() -> byRequests(endpoint));
  }

  private Verdict byRequests(DevEndpoint endpoint) {
    double requests = endpoint.invocations().orElse(0);
    if (requests > 0) {
      return Verdict.skip("USED", "%.0f requests in %s".formatted(requests, rules.endpointAfter()));
    }
    if (endpoint.cpuPoints() == 0) {
      return Verdict.unknown("NO_METRICS", "neither requests nor CPU are reported");
    }
    long hours = rules.endpointAfter().toHours();
    if (endpoint.cpuPoints() < hours * IdleRules.REPORTED) {
      return Verdict.unknown(
          "METRICS_MISSING",
          "CPU was reported in %d hours of %d".formatted(endpoint.cpuPoints(), hours));
    }
    return Verdict.idle(
        "NO_REQUESTS",
        "no request in %s, while CPU was reported in %d hours"
            .formatted(rules.endpointAfter(), endpoint.cpuPoints()));
  }

  /** Judges a job or what is left over. */
  public Verdict leftover(Leftover leftover, Instant now) {
    Duration age = Duration.between(leftover.created(), now);
    return Standing.leftAlone(leftover.tags(), now)
        .or(() ->
            leftover.referenced()
                ? Optional.of(Verdict.skip("REFERENCED", "an endpoint or its rollback needs it"))
                : Optional.empty())
        .or(() -> young(leftover.created(), rules.ageLimit(), now))
        .orElseGet(() ->
            Verdict.idle(
                    leftover.running() ? "RUNS_LONG" : "UNREFERENCED",
                    "it is %d days old".formatted(age.toDays()))
                .asking());
  }

  /**
   * Judges by the clock, for what its owner has given hours: idle when it has gone off since it was
   * last started.
   */
  public Verdict offHours(
      String expression, String status, Instant started, Map<String, String> tags, Instant now) {
    return Standing.leftAlone(tags, now)
        .or(() -> notInService(status))
        .orElseGet(() -> byClock(expression, started, now));
  }

  private static Verdict byClock(String expression, Instant started, Instant now) {
    try {
      OffHours hours = OffHours.parse(expression);
      OffHours.Edge edge = hours.lastEdge(now);
      if (hours.stops(started, now)) {
        return Verdict.idle("OFF_HOURS", "it went off at " + edge.at());
      }
      return edge.off()
          ? Verdict.busy("STARTED_SINCE", "it went off at %s and was started".formatted(edge.at()))
          : Verdict.busy("ON_HOURS", "it went on at " + edge.at());
    } catch (IllegalArgumentException unreadable) {
      return Verdict.unknown("OFF_HOURS_UNREADABLE", String.valueOf(unreadable.getMessage()));
    }
  }

  private Verdict byHeartbeat(Optional<Heartbeat> last, Instant started, Instant now) {
    if (last.isEmpty()) {
      return Verdict.unknown("HEARTBEAT_MISSING", "there was never a heartbeat");
    }
    Heartbeat heartbeat = last.get();
    if (heartbeat.at().isAfter(now.plus(IdleRules.CLOCK_ERROR))) {
      return Verdict.unknown("CLOCK", "its clock says " + heartbeat.at());
    }
    if (heartbeat.at().isBefore(now.minus(rules.heartbeatLimit()))) {
      return Verdict.unknown("HEARTBEAT_MISSING", "the last heartbeat was at " + heartbeat.at());
    }
    return working(heartbeat).orElseGet(() -> quiet(heartbeat, started));
  }

  private Optional<Verdict> working(Heartbeat heartbeat) {
    if (heartbeat.busyKernels() > 0) {
      return Optional.of(
          Verdict.busy("KERNEL", heartbeat.busyKernels() + " kernels are running code"));
    }
    if (heartbeat.gpuPercent().orElse(0) >= rules.busyPercent()) {
      return Optional.of(
          Verdict.busy("GPU", "the GPU is at %.0f %%".formatted(heartbeat.gpuPercent().orElse(0))));
    }
    return heartbeat.cpuPercent() >= rules.busyPercent()
        ? Optional.of(
            Verdict.busy("CPU", "the CPU is at %.0f %%".formatted(heartbeat.cpuPercent())))
        : Optional.empty();
  }

  private Verdict quiet(Heartbeat heartbeat, Instant started) {
    Duration quiet = heartbeat.quiet(started).truncatedTo(ChronoUnit.SECONDS);
    Optional<Duration> starting =
        heartbeat.startingSince().map(since -> Duration.between(since, heartbeat.at()));
    if (starting.isPresent() && starting.get().compareTo(rules.idleAfter()) <= 0) {
      return Verdict.busy("STARTING", "a kernel has been starting for " + starting.get());
    }
    if (quiet.compareTo(rules.idleAfter()) <= 0) {
      return Verdict.busy("ACTIVE", "something happened " + quiet + " before the last heartbeat");
    }
    if (starting.isPresent()) {
      return Verdict.idle("STUCK", "a kernel has been starting for " + starting.get());
    }
    return heartbeat.lastActivity().isPresent()
        ? Verdict.idle("QUIET", "no kernel or terminal did anything for " + quiet)
        : Verdict.idle("UNOPENED", "it runs for " + quiet + " and was never opened");
  }

  private static Optional<Verdict> notInService(String status) {
    return status.equals(IN_SERVICE)
        ? Optional.empty()
        : Optional.of(Verdict.skip("NOT_IN_SERVICE", "its status is " + status));
  }

  private static Optional<Verdict> young(Instant since, Duration least, Instant now) {
    Duration age = Duration.between(since, now);
    return age.compareTo(least) > 0
        ? Optional.empty()
        : Optional.of(Verdict.skip("YOUNG", "it is only " + age + " old"));
  }
}
