package dev.weir.remediation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.weir.http.ServiceCall;
import dev.weir.http.Topic;
import dev.weir.remediation.Stage.Answer;
import dev.weir.remedy.approval.Approvals;
import dev.weir.remedy.approval.StepFunctions;
import dev.weir.store.Item;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A question that is asked by its handler and answered on its page, SNS and Step Functions near.
 */
final class ApprovalsStage implements AutoCloseable {

  static final String TYPE = "application/x-www-form-urlencoded";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern LINK =
      Pattern.compile(
          "https://gate\\.example/live(/remediation/approvals/(\\w+)\\?e=(\\d+)&s=([\\w-]+))");

  final List<String> mails = new ArrayList<>();
  final List<JsonNode> told = new ArrayList<>();
  Answer publishing = Answer.ok("<PublishResponse/>");
  Answer telling = Answer.ok("{}");
  Duration later = Duration.ZERO;

  final Stage stage = new Stage(this::answer);
  final InstantSource clock = () -> stage.clock.instant().plus(later);
  final ApprovalHandler asking;
  final ApprovalPageHandler page;

  /** A link that was mailed. */
  record Link(String id, String e, String s) {}

  /** A page that was answered. */
  record Shown(int status, JsonNode headers, String html) {}

  ApprovalsStage() throws IOException {
    this(true);
  }

  ApprovalsStage(boolean byAnother) throws IOException {
    Approvals approvals =
        new Approvals(
            stage.table,
            new StepFunctions(new ServiceCall("states", stage.endpoint(), Stage.CREDENTIALS)),
            byAnother,
            clock,
            new Random(7));
    asking =
        new ApprovalHandler(
            approvals,
            new Topic(new ServiceCall("sns", stage.endpoint(), Stage.CREDENTIALS), "arn:topic"),
            "https://gate.example/live",
            stage.log);
    page = new ApprovalPageHandler(approvals, clock, stage.log, () -> "req_1");
  }

  private Answer answer(HttpExchange exchange, String body) throws IOException {
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    if (target == null) {
      if (publishing.status() == 200) {
        mails.add(URLDecoder.decode(body, StandardCharsets.UTF_8));
      }
      return publishing;
    }
    told.add(((ObjectNode) JSON.readTree(body)).put("call", target));
    return telling;
  }

  JsonNode ask() throws IOException {
    return stage.call(asking, Stage.event("approval"));
  }

  JsonNode ask(String requestedBy) throws IOException {
    return stage.call(
        asking,
        Stage.event("approval")
            .replace("\"requestedBy\": \"\"", "\"requestedBy\": \"" + requestedBy + "\""));
  }

  /** The link in the last mail. */
  Link link() {
    Matcher link = LINK.matcher(mails.getLast());
    if (!link.find()) {
      throw new AssertionError(mails.getLast());
    }
    return new Link(link.group(2), link.group(3), link.group(4));
  }

  Shown get(Link link) throws IOException {
    return shown("approval-page", link, TYPE, "");
  }

  Shown post(Link link, String form) throws IOException {
    return post(link, TYPE, form);
  }

  Shown post(Link link, String type, String form) throws IOException {
    return shown("approval-decide", link, type, form);
  }

  private Shown shown(String event, Link link, String type, String form) throws IOException {
    var json = (ObjectNode) JSON.readTree(Stage.event(event));
    json.putObject("pathParameters").put("id", link.id());
    json.putObject("queryStringParameters").put("e", link.e()).put("s", link.s());
    json.withObject("/headers").put("Content-Type", type);
    if (event.equals("approval-decide")) {
      json.put("body", form);
    }
    JsonNode reply = stage.call(page, json.toString());
    return new Shown(
        reply.path("statusCode").asInt(), reply.path("headers"), reply.path("body").asText());
  }

  /** Outcomes of the incident's rows, in their order. */
  List<String> rows() {
    return stage.table.all("INCIDENT#2026-11-22").stream().map(row -> row.text("outcome")).toList();
  }

  Item kept(Link link) {
    return stage.table.find("APPROVAL", link.id()).orElseThrow();
  }

  @Override
  public void close() {
    stage.close();
  }
}
