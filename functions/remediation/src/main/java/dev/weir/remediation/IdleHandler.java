package dev.weir.remediation;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.remedy.idle.Heartbeat;
import dev.weir.remedy.idle.IdlePolicy;
import dev.weir.remedy.idle.IdlePolicy.App;
import dev.weir.remedy.idle.IdlePolicy.DevEndpoint;
import dev.weir.remedy.idle.IdlePolicy.Leftover;
import dev.weir.remedy.idle.IdlePolicy.Notebook;
import dev.weir.remedy.idle.IdleRules;
import dev.weir.remedy.idle.Verdict;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** Judges whether one resource is used, by what the state machine has found out about it. */
public final class IdleHandler implements RequestStreamHandler {

  /** The tag with the hours its owner wants it off. */
  private static final String OFF_HOURS = "offhours";

  private final InstantSource clock;
  private final Log log;

  /** Wired from the function's environment variables. */
  public IdleHandler() {
    this(new Wiring("idle"));
  }

  private IdleHandler(Wiring wiring) {
    this(wiring.clock(), wiring.log());
  }

  IdleHandler(InstantSource clock, Log log) {
    this.clock = clock;
    this.log = log;
  }

  @Override
  public void handleRequest(InputStream event, OutputStream out, Context context)
      throws IOException {
    Ask ask = Ask.read(event);
    Instant now = ask.time("now").orElseGet(clock::instant);
    IdlePolicy policy = new IdlePolicy(rules(ask.part("settings")));
    Ask evidence = ask.part("evidence");
    Kind kind = Kind.of(ask.text("kind"));
    Optional<Verdict> byClock = byClock(policy, kind, evidence, now);
    Verdict verdict = byClock.orElseGet(() -> kind.judge(policy, evidence, now));
    log.write(
        Line.info("idle")
            .with("kind", ask.text("kind"))
            .with("name", ask.find("name"))
            .with("verdict", verdict.state().name())
            .with("reason", verdict.reason()));
    ObjectNode reply =
        Ask.object()
            .put("verdict", verdict.state().name())
            .put("reason", verdict.reason())
            .put("approval", verdict.approval())
            .put("grace", byClock.isEmpty());
    verdict.evidence().forEach(reply.putArray("evidence")::add);
    Ask.write(reply, out);
  }

  /** What its owner's hours say; empty where there are none, or where it is to be on. */
  private static Optional<Verdict> byClock(
      IdlePolicy policy, Kind kind, Ask evidence, Instant now) {
    Map<String, String> tags = evidence.pairs("tags");
    String hours = tags.getOrDefault(OFF_HOURS, "");
    if (hours.isEmpty() || !kind.hasHours(evidence)) {
      return Optional.empty();
    }
    return Optional.of(
            policy.offHours(
                hours, evidence.text("status"), evidence.requiredTime("since"), tags, now))
        .filter(verdict ->
            verdict.state() == Verdict.State.IDLE || verdict.state() == Verdict.State.UNKNOWN);
  }

  private enum Kind {
    NOTEBOOK {
      @Override
      Verdict judge(IdlePolicy policy, Ask evidence, Instant now) {
        return policy.notebook(
            new Notebook(
                evidence.text("status"),
                evidence.requiredTime("since"),
                evidence.pairs("tags"),
                heartbeat(evidence)),
            now);
      }
    },
    APP {
      @Override
      Verdict judge(IdlePolicy policy, Ask evidence, Instant now) {
        return policy.app(
            new App(
                evidence.text("type"),
                evidence.text("status"),
                evidence.requiredTime("since"),
                evidence.flag("nativeIdle"),
                evidence.pairs("tags"),
                heartbeat(evidence)),
            now);
      }
    },
    ENDPOINT {
      @Override
      Verdict judge(IdlePolicy policy, Ask evidence, Instant now) {
        return policy.endpoint(
            new DevEndpoint(
                evidence.text("status"),
                evidence.find("environment").orElse(""),
                evidence.requiredTime("since"),
                evidence.pairs("tags"),
                evidence.perhaps("invocations"),
                evidence.whole("cpuPoints", 0)),
            now);
      }

      @Override
      boolean hasHours(Ask evidence) {
        return evidence.find("environment").equals(Optional.of("dev"));
      }
    },
    JOB {
      @Override
      Verdict judge(IdlePolicy policy, Ask evidence, Instant now) {
        return policy.leftover(
            new Leftover(
                evidence.flag("running"),
                evidence.requiredTime("since"),
                evidence.pairs("tags"),
                evidence.flag("referenced")),
            now);
      }

      @Override
      boolean hasHours(Ask evidence) {
        return false;
      }
    };

    static Kind of(String name) {
      return switch (name) {
        case "notebook-instance" -> NOTEBOOK;
        case "app" -> APP;
        case "endpoint" -> ENDPOINT;
        case "training-job", "processing-job", "transform-job" -> JOB;
        default -> throw new IllegalArgumentException("there is no kind " + name);
      };
    }

    abstract Verdict judge(IdlePolicy policy, Ask evidence, Instant now);

    /** Whether a schedule may stop it. */
    boolean hasHours(Ask evidence) {
      return true;
    }
  }

  private static IdleRules rules(Ask ask) {
    IdleRules usual = IdleRules.DEFAULT;
    return new IdleRules(
        Duration.ofMinutes(ask.whole("idleMinutes", (int) usual.idleAfter().toMinutes())),
        Duration.ofDays(ask.whole("endpointDays", (int) usual.endpointAfter().toDays())),
        Duration.ofDays(ask.whole("ageDays", (int) usual.ageLimit().toDays())),
        Duration.ofMinutes(ask.whole("heartbeatMinutes", (int) usual.period().toMinutes())),
        ask.number("busyPercent", usual.busyPercent()));
  }

  /** What the lifecycle script wrote last. */
  private static Optional<Heartbeat> heartbeat(Ask evidence) {
    Ask beat = evidence.part("heartbeat");
    return beat.time("at")
        .map(at ->
            new Heartbeat(
                at,
                beat.time("lastActivity"),
                beat.whole("busyKernels", 0),
                beat.time("startingSince"),
                beat.whole("terminals", 0),
                beat.number("cpuPercent", 0),
                beat.perhaps("gpuPercent")));
  }
}
