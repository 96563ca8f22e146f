package dev.weir.remediation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.remediation.ApprovalsStage.Link;
import dev.weir.remediation.Stage.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApprovalHandlerTest {

  private final ApprovalsStage people = new ApprovalsStage();

  ApprovalHandlerTest() throws IOException {}

  @AfterEach
  void stop() {
    people.close();
  }

  @Test
  void people_are_mailed_what_is_asked_until_when_and_a_link() throws IOException {
    assertThat(people.ask().path("approval").asText()).isEqualTo(people.link().id());

    assertThat(people.mails).hasSize(1);
    assertThat(people.mails.getFirst())
        .contains("Subject=Weir asks: restart-endpoint of endpoint weir-chat")
        .contains("weir-chat is Failed: it is deleted and created again")
        .contains("until 2026-11-22T13:00:00Z")
        .contains("TopicArn=arn:topic");
    assertThat(people.rows()).containsExactly("ASKED");
  }

  @Test
  void the_token_is_in_the_table_alone() throws IOException {
    people.ask();

    String token = "AQCEAAAAKgAAAAMAAAAAAAAAAS1jZsc=";
    assertThat(people.kept(people.link()).text("token")).isEqualTo(token);
    assertThat(people.mails.getFirst()).doesNotContain(token);
    assertThat(people.stage.lines()).doesNotContain(token);
    assertThat(people.get(people.link()).html()).doesNotContain(token);
  }

  @Test
  void invoked_again_for_the_same_token_it_asks_once() throws IOException {
    var first = people.ask();
    var second = people.ask();

    assertThat(second).isEqualTo(first);
    assertThat(people.mails).hasSize(1);
    assertThat(people.rows()).containsExactly("ASKED");
    assertThat(people.stage.table.all("APPROVAL")).hasSize(1);
  }

  @Test
  void a_mail_that_could_not_be_sent_is_sent_by_the_next_invocation() throws IOException {
    people.publishing = new Answer(500, new byte[0]);
    assertThatThrownBy(people::ask).isInstanceOf(UncheckedIOException.class);
    people.publishing = Answer.ok("");

    people.ask();

    assertThat(people.mails).hasSize(1);
    assertThat(people.rows()).containsExactly("ASKED");
  }

  @Test
  void another_question_has_another_link_and_the_key_is_made_once() throws IOException {
    people.ask();
    Link one = people.link();
    people.stage.call(people.asking, Stage.event("approval").replace("AQCE", "BQCE"));
    Link two = people.link();

    assertThat(two.id()).isNotEqualTo(one.id());
    assertThat(people.get(one).status()).isEqualTo(200);
    assertThat(people.get(two).status()).isEqualTo(200);
    assertThat(people.stage.table.all("SECRET")).hasSize(1);
    assertThat(people.stage.table.all("SECRET").getFirst().bytes("key")).hasSize(32);
  }

  @Test
  void what_the_guard_would_not_send_is_refused() throws IOException {
    String event = Stage.event("approval");
    for (String wrong :
        List.of(
            "{}",
            event.replace("\"token\"", "\"tokens\""),
            event.replace("2026-11-22T11:58:00Z-", "yesterday-"),
            event.replace("\"seconds\": 3600", "\"seconds\": \"an hour\""))) {
      assertThatThrownBy(() -> people.stage.call(people.asking, wrong))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(people.mails).isEmpty();
  }
}
