package dev.weir.remediation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.hash.Sha256;
import dev.weir.remediation.ApprovalsStage.Link;
import dev.weir.remediation.ApprovalsStage.Shown;
import dev.weir.remediation.Stage.Answer;
import dev.weir.store.Item;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class ApprovalPageHandlerTest {

  private static final String YES = "name=Ann&comment=go+on&decision=approve";
  private static final String NO = "name=Bob&comment=not+today&decision=deny";

  private final ApprovalsStage people = new ApprovalsStage();

  ApprovalPageHandlerTest() throws IOException {}

  @AfterEach
  void stop() {
    people.close();
  }

  private Link asked() throws IOException {
    people.ask();
    return people.link();
  }

  @Test
  void the_page_shows_the_plan() throws IOException {
    Shown page = people.get(asked());

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.html())
        .contains("<h1>restart-endpoint of endpoint weir-chat</h1>")
        .contains("weir-chat is Failed: it is deleted and created again with weir-chat-config.")
        .contains("RECREATE", "HIGH", "2026-11-22T13:00:00Z")
        .contains("<td>sagemaker:deleteEndpoint</td>")
        .contains("&quot;EndpointConfigName&quot; : &quot;weir-chat-config&quot;")
        .contains("created again with its configuration")
        .contains("&quot;status&quot; : &quot;Failed&quot;")
        .contains("<form method=\"post\">");
  }

  @Test
  void a_mail_scanner_that_follows_the_link_decides_nothing() throws IOException {
    Link link = asked();
    Item before = people.kept(link);
    for (int i = 0; i < 50; i++) {
      assertThat(people.get(link).status()).isEqualTo(200);
    }

    assertThat(people.kept(link)).isEqualTo(before);
    assertThat(people.told).isEmpty();
    assertThat(people.rows()).containsExactly("ASKED");
  }

  @Test
  void one_post_approves_and_the_machine_hears_who() throws IOException {
    Link link = asked();
    Shown page = people.post(link, YES);

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.html()).contains("approved</span> by Ann").contains("go on");
    assertThat(page.html()).doesNotContain("<form");
    assertThat(people.told).hasSize(1);
    assertThat(people.told.getFirst().path("call").asText())
        .isEqualTo("AWSStepFunctions.SendTaskSuccess");
    assertThat(people.told.getFirst().path("taskToken").asText())
        .isEqualTo("AQCEAAAAKgAAAAMAAAAAAAAAAS1jZsc=");
    assertThat(people.told.getFirst().path("output").asText())
        .isEqualTo("{\"approvedBy\":\"Ann\",\"comment\":\"go on\"}");
    assertThat(people.rows()).containsExactly("ASKED", "APPROVED");
  }

  @Test
  void one_post_denies_and_the_machine_hears_why() throws IOException {
    assertThat(people.post(asked(), NO).html()).contains("denied</span> by Bob");

    assertThat(people.told.getFirst().path("call").asText())
        .isEqualTo("AWSStepFunctions.SendTaskFailure");
    assertThat(people.told.getFirst().path("error").asText()).isEqualTo("Remediation.Denied");
    assertThat(people.told.getFirst().path("cause").asText()).isEqualTo("Bob: not today");
    assertThat(people.rows()).containsExactly("ASKED", "DENIED");
  }

  @Test
  void a_double_click_tells_the_machine_once() throws IOException {
    Link link = asked();
    people.post(link, YES);
    Shown second = people.post(link, YES);

    assertThat(second.status()).isEqualTo(200);
    assertThat(second.html()).contains("decided before; the machine knows");
    assertThat(people.told).hasSize(1);
  }

  @Test
  void the_other_decision_comes_too_late_after_the_first() throws IOException {
    Link link = asked();
    people.post(link, YES);
    Shown second = people.post(link, NO);

    assertThat(second.status()).isEqualTo(409);
    assertThat(second.html()).contains("approval_decided").contains("approved</span> by Ann");
    assertThat(people.told).hasSize(1);
    assertThat(people.rows()).containsExactly("ASKED", "APPROVED");
  }

  @Test
  void a_machine_that_could_not_be_told_is_told_by_the_same_decision_once_more()
      throws IOException {
    Link link = asked();
    people.telling = new Answer(500, new byte[0]);
    Shown lost = people.post(link, YES);
    assertThat(lost.status()).isEqualTo(503);
    assertThat(lost.html()).contains("approval_undelivered").contains("approved</span> by Ann");
    assertThat(people.post(link, NO).status()).isEqualTo(409);
    people.telling = Answer.ok("{}");

    assertThat(people.post(link, YES).status()).isEqualTo(200);
    assertThat(people.told).hasSize(2);
    assertThat(people.rows()).containsExactly("ASKED", "APPROVED");
  }

  @Test
  void what_became_of_a_lost_attempt_is_not_claimed_to_be_known() throws IOException {
    Link link = asked();
    people.telling = new Answer(500, new byte[0]);
    people.post(link, YES);
    people.telling = gone();

    Shown page = people.post(link, YES);
    assertThat(page.status()).isEqualTo(409);
    assertThat(page.html()).contains("approval_uncertain");
  }

  @Test
  void a_machine_that_waits_no_more_is_said_so() throws IOException {
    Link link = asked();
    people.telling = gone();
    Shown page = people.post(link, YES);

    assertThat(page.status()).isEqualTo(410);
    assertThat(page.html()).contains("approval_too_late").contains("nothing is done by it");
    assertThat(people.rows()).containsExactly("ASKED", "APPROVED", "TOO_LATE");
  }

  private static Answer gone() {
    return new Answer(
        400,
        "{\"__type\":\"com.amazonaws.swf.service.v2.model#TaskTimedOut\",\"message\":\"m\"}"
            .getBytes(UTF_8));
  }

  @Test
  void after_its_time_nothing_is_taken() throws IOException {
    Link link = asked();
    people.later = Duration.ofSeconds(3600);

    assertThat(people.get(link).status()).isEqualTo(410);
    Shown page = people.post(link, YES);
    assertThat(page.status()).isEqualTo(410);
    assertThat(page.html()).contains("approval_expired").doesNotContain("<form");
    assertThat(people.told).isEmpty();
    assertThat(people.rows()).containsExactly("ASKED");
  }

  @Test
  void a_second_before_it_is() throws IOException {
    Link link = asked();
    people.later = Duration.ofSeconds(3599);

    assertThat(people.post(link, YES).status()).isEqualTo(200);
  }

  @Test
  void a_link_that_was_changed_anywhere_is_forged() throws IOException {
    Link link = asked();
    char other = link.s().charAt(5) == 'A' ? 'B' : 'A';
    List<Link> forged =
        List.of(
            new Link(link.id(), link.e(), link.s().substring(0, 5) + other + link.s().substring(6)),
            new Link(link.id(), link.e() + "0", link.s()),
            new Link(
                link.id().replace(link.id().charAt(0), 'f').replace('0', '1'), link.e(), link.s()),
            new Link(link.id(), link.e(), ""),
            new Link(link.id(), "", ""),
            new Link("../secret", link.e(), link.s()),
            new Link("", link.e(), link.s()));
    for (Link each : forged) {
      Shown page = people.post(each, YES);
      assertThat(page.status()).isEqualTo(403);
      assertThat(page.html()).contains("approval_forged");
      assertThat(people.get(each).status()).isEqualTo(403);
    }
    assertThat(people.told).isEmpty();
    assertThat(people.rows()).containsExactly("ASKED");
  }

  @Test
  void a_genuine_link_to_what_is_not_kept_any_more_is_not_found() throws IOException {
    Link link = asked();
    people.stage.dynamo.deleteItem(delete ->
        delete
            .tableName("remediation")
            .key(
                Map.of(
                    "pk", people.kept(link).attributes().get("pk"),
                    "sk", people.kept(link).attributes().get("sk"))));

    assertThat(people.get(link).status()).isEqualTo(404);
    assertThat(people.post(link, YES).html()).contains("approval_not_found");
  }

  @Test
  void rubbish_is_refused_each_with_its_own_status() throws IOException {
    Link link = asked();
    assertThat(people.post(link, "application/json", "{}").status()).isEqualTo(415);
    assertThat(people.post(link, "", YES).status()).isEqualTo(415);
    assertThat(people.post(link, YES + "&comment=" + "x".repeat(9000)).status()).isEqualTo(413);
    for (String form :
        List.of(
            "",
            "&",
            "decision=approve",
            "name=Ann",
            "name=Ann&decision=maybe",
            "name=Ann&decision=approve&decision=deny",
            "name=Ann&decision=approve&admin=1",
            "name=%zz&decision=approve",
            "name=+++&decision=approve",
            "name=A%00n&decision=approve",
            "name=" + "x".repeat(101) + "&decision=approve",
            "name=Ann&decision=approve&comment=" + "x".repeat(501))) {
      Shown page = people.post(link, form);
      assertThat(page.status()).as(form).isEqualTo(400);
      assertThat(page.html()).contains("invalid_form");
    }
    assertThat(people.told).isEmpty();
    assertThat(people.rows()).containsExactly("ASKED");
  }

  @Test
  void browsers_name_the_forms_type_with_its_charset() throws IOException {
    assertThat(
            people.post(asked(), "Application/X-WWW-Form-Urlencoded; charset=UTF-8", YES).status())
        .isEqualTo(200);
  }

  @Test
  void who_has_started_it_may_deny_but_not_approve() throws IOException {
    people.ask("ann");
    Link link = people.link();

    Shown page = people.post(link, YES);
    assertThat(page.status()).isEqualTo(403);
    assertThat(page.html()).contains("approval_own_request");
    assertThat(people.told).isEmpty();
    assertThat(people.post(link, "name=ANN+&decision=deny").status()).isEqualTo(200);
  }

  @Test
  void unless_that_is_allowed() throws IOException {
    try (ApprovalsStage lax = new ApprovalsStage(false)) {
      lax.ask("ann");

      assertThat(lax.post(lax.link(), YES).status()).isEqualTo(200);
    }
  }

  @Test
  void what_others_have_written_is_escaped() throws IOException {
    people.stage.call(
        people.asking,
        Stage.event("approval")
            .replace("weir-chat is Failed", "<script>alert(1)</script>")
            .replace("\"Failed\"", "\"</pre><img src=x onerror='a'>\""));
    Shown page = people.post(people.link(), "name=%3Cb%3EAnn&comment=%22%26%27&decision=approve");

    assertThat(page.html())
        .doesNotContain("<script", "<img", "<b>")
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
        .contains("&lt;b&gt;Ann")
        .contains("&quot;&amp;&#39;");
  }

  @Test
  void the_page_is_not_kept_framed_or_passed_on_and_loads_nothing() throws IOException {
    Shown page = people.get(asked());

    String style = page.html().replaceAll("(?s).*<style>(.*)</style>.*", "$1");
    String hash = Base64.getEncoder().encodeToString(Sha256.of(style.getBytes(UTF_8)));
    assertThat(page.headers().path("content-security-policy").asText())
        .isEqualTo(
            "default-src 'none'; style-src 'sha256-"
                + hash
                + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    assertThat(page.headers().path("cache-control").asText()).isEqualTo("no-store");
    assertThat(page.headers().path("referrer-policy").asText()).isEqualTo("no-referrer");
    assertThat(page.headers().path("content-type").asText()).isEqualTo("text/html; charset=utf-8");
    assertThat(page.html()).doesNotContain("<script", "src=", "href=");
  }

  @Test
  void without_the_table_nothing_is_decided_and_that_is_said() throws IOException {
    Link link = asked();
    people.stage.table.write(
        "SECRET",
        "approvals",
        people.stage.table.find("SECRET", "approvals"),
        Item.EMPTY.with("x", 1));
    people.stage.dynamo.deleteItem(delete ->
        delete
            .tableName("remediation")
            .key(
                Map.of(
                    "pk", AttributeValue.fromS("APPROVAL"),
                    "sk", AttributeValue.fromS(link.id()))));
    people.stage.table.write(
        "APPROVAL", link.id(), Optional.empty(), Item.EMPTY.with("incident", "broken"));

    Shown page = people.post(link, YES);
    assertThat(page.status()).isEqualTo(503);
    assertThat(page.html()).contains("approvals_unavailable");
    assertThat(people.stage.lines()).contains("approval_failed");
  }
}
