package dev.weir.remediation;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.weir.http.Topic;
import dev.weir.remedy.approval.Approvals;
import dev.weir.remedy.approval.Asked;
import dev.weir.remedy.approval.Question;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.regex.Pattern;

/**
 * Asks people whether a plan may be carried out: keeps the question with the task token of the
 * guard that waits, and publishes a signed link to its page. Invoked again for the same token it
 * asks no second time.
 */
public final class ApprovalHandler implements RequestStreamHandler {

  /** Where the page is, below the stage. */
  static final String PATH = "/remediation/approvals";

  /** Of the guard: it begins with its day. */
  private static final Pattern INCIDENT = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT.+");

  private final Approvals approvals;
  private final Topic topic;
  private final String url;
  private final Log log;

  /** Wired from the function's environment variables. */
  public ApprovalHandler() {
    this(new Wiring("approval"));
  }

  private ApprovalHandler(Wiring wiring) {
    this(
        wiring.approvals(),
        wiring.topic(),
        wiring.environment().getOrDefault("WEIR_API_URL", ""),
        wiring.log());
  }

  /**
   * @param url of the API with its stage
   */
  ApprovalHandler(Approvals approvals, Topic topic, String url, Log log) {
    this.approvals = approvals;
    this.topic = topic;
    this.url = url;
    this.log = log;
  }

  @Override
  public void handleRequest(InputStream event, OutputStream out, Context context)
      throws IOException {
    Asked asked = asked(Ask.read(event));
    Question question = approvals.ask(asked);
    if (!approvals.isAnnounced(question)) {
      announce(asked, question);
      approvals.announced(question);
    }
    log.write(
        Line.info("approval_asked")
            .with("approval", question.id())
            .with("incident", question.incident())
            .with("action", question.action()));
    Ask.write(Ask.object().put("approval", question.id()), out);
  }

  private static Asked asked(Ask ask) {
    Ask target = ask.part("target");
    String incident = ask.text("incident");
    if (!INCIDENT.matcher(incident).matches()) {
      throw new IllegalArgumentException("incident does not begin with a time");
    }
    return new Asked(
        ask.text("token"),
        incident,
        ask.text("run"),
        ask.text("action"),
        target.text("kind"),
        target.text("name"),
        ask.json().path("plan").toString(),
        ask.text("severity"),
        ask.find("requestedBy"),
        ask.whole("seconds", 0));
  }

  private void announce(Asked asked, Question question) {
    String what = "%s of %s %s".formatted(asked.action(), asked.kind(), asked.name());
    topic.publish(
        "Weir asks: " + what,
        """
        %s

        Look at the plan, and approve or deny it, until %s:
        %s

        Severity: %s
        Incident: %s
        Who has this link may answer. Opening it decides nothing.
        """
            .formatted(
                Ask.summary(asked.plan()).orElse(what + " waits for somebody to approve it."),
                question.expiry(),
                url + PATH + approvals.link(question).text(),
                asked.severity(),
                asked.incident()));
  }
}
