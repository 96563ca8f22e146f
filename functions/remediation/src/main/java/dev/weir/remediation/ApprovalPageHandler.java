package dev.weir.remediation;

import dev.weir.door.Door;
import dev.weir.door.Exchange;
import dev.weir.door.Request;
import dev.weir.remedy.approval.Answered;
import dev.weir.remedy.approval.Approvals;
import dev.weir.remedy.approval.Link;
import dev.weir.remedy.approval.Question;
import dev.weir.remedy.page.ApprovalPage;
import dev.weir.remedy.page.Page;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * {@code GET} shows what is asked and changes nothing, since mail scanners follow links; {@code
 * POST} of the page's form decides. The signed link is the credential.
 */
public final class ApprovalPageHandler extends Door {

  private static final Pattern ID = Pattern.compile("[0-9a-f]{40}");
  private static final String FORM = "application/x-www-form-urlencoded";

  private final Approvals approvals;
  private final InstantSource clock;
  private final Log log;

  /** Wired from the function's environment variables. */
  public ApprovalPageHandler() {
    this(new Wiring("approval-page"));
  }

  private ApprovalPageHandler(Wiring wiring) {
    this(wiring.approvals(), wiring.clock(), wiring.log(), wiring.requestIds());
  }

  ApprovalPageHandler(
      Approvals approvals, InstantSource clock, Log log, Supplier<String> requestIds) {
    super(log, requestIds);
    this.approvals = approvals;
    this.clock = clock;
    this.log = log;
  }

  @Override
  protected void serve(Exchange exchange, int remainingMillis) throws IOException {
    Page page;
    try {
      page = page(exchange.request());
    } catch (RuntimeException e) {
      log.write(Line.error("approval_failed").with("requestId", exchange.requestId()).with(e));
      page =
          ApprovalPage.problem(
              503,
              "approvals_unavailable",
              "The questions cannot be read or written now. Try again; nothing is decided twice.");
    }
    exchange.body(page.status(), page.contentType(), page.headers(), page.body());
  }

  private Page page(Request request) {
    Map<String, String> query = request.query();
    Link link =
        new Link(
            request.pathParameters().getOrDefault("id", ""),
            query.getOrDefault("e", ""),
            query.getOrDefault("s", ""));
    if (!ID.matcher(link.id()).matches() || !approvals.isGenuine(link)) {
      return ApprovalPage.problem(
          403, "approval_forged", "This link is none of ours, or not whole.");
    }
    return request.method().equals("POST") ? decide(link.id(), request) : show(link.id());
  }

  private Page show(String id) {
    Optional<Question> question = approvals.find(id);
    return question
        .map(found -> ApprovalPage.asking(found, !clock.instant().isBefore(found.expiry())))
        .orElseGet(() -> ApprovalPage.of(new Answered.Unknown()));
  }

  private Page decide(String id, Request request) {
    String type = request.header("content-type").orElse("").split(";", 2)[0].strip();
    if (!type.toLowerCase(Locale.ROOT).equals(FORM)) {
      return ApprovalPage.problem(415, "unsupported_media_type", "Send the form of the page.");
    }
    if (request.body().length > DecisionForm.LONGEST) {
      return ApprovalPage.problem(413, "request_too_large", "The form is too long.");
    }
    return switch (DecisionForm.read(request.body())) {
      case DecisionForm.Wrong(var message) -> ApprovalPage.problem(400, "invalid_form", message);
      case DecisionForm.Filled(var verdict, var name, var comment) -> {
        Answered answered = approvals.decide(id, verdict, name, comment);
        log.write(
            Line.info("approval_answered")
                .with("approval", id)
                .with("by", name)
                .with("decision", verdict.name())
                .with("became", answered.getClass().getSimpleName()));
        yield ApprovalPage.of(answered);
      }
    };
  }
}
