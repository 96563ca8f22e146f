package dev.weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.e2e.Stack.Caller;
import dev.weir.e2e.Stack.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Retrieval on the chat path of the real template, with the stand-in's knowledge base. */
class RetrievalIT extends OnStack {

  RetrievalIT() throws IOException {
    super(Stack.start("retrieval", Map.of("RequestSeconds", "20")));
  }

  private static String ask(String question) {
    return "{\"model\":\"informed\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(question);
  }

  private Map<String, AttributeValue> row(Caller caller) {
    await().atMost(Duration.ofSeconds(20)).until(() -> stack.ledger(caller).size() == 1);
    return stack.ledger(caller).getFirst();
  }

  @Test
  void an_answer_names_the_documents_it_was_given() {
    Caller caller = stack.tenant(Stack.unlimited());

    Reply reply = stack.chat(caller, ask("Which is the longest river within Switzerland?"));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("x-weir-retrieval")).isEqualTo("used");
    assertThat(reply.header("x-weir-documents"))
        .startsWith("s3://local-documents/rivers.txt;score=");
    assertThat(reply.body()).contains("288 kilometres");
    assertThat(String.valueOf(row(caller).get("retrieval")))
        .contains("s3://local-documents/rivers.txt")
        .contains("owner=" + caller.tenantId() + "|everyone");
  }

  @Test
  void another_tenants_documents_are_not_found() {
    Reply reply =
        stack.chat(stack.tenant(Stack.unlimited()), ask("When does the payroll of acme close?"));

    assertThat(reply.header("x-weir-retrieval")).isEqualTo("none");
    assertThat(reply.body()).doesNotContain("25th");
  }

  @Test
  void a_poisoned_document_is_left_out() {
    Reply reply =
        stack.chat(
            stack.tenant(Stack.unlimited()), ask("Tell me about maintenance of the sluice gate"));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("x-weir-retrieval")).contains("blocked=1");
    assertThat(reply.body()).doesNotContain("ignore all previous");
  }

  @Test
  void a_knowledge_base_that_hangs_costs_its_timeout_and_not_the_answer() {
    stack.bedrock(
        "POST", "faults", "{\"model\":\"LOCALDOCS1\",\"kind\":\"stallBeforeHeaders\",\"times\":1}");
    Caller caller = stack.tenant(Stack.unlimited());

    Reply reply = stack.chat(caller, ask("Which is the longest river within Switzerland?"));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("x-weir-retrieval")).isEqualTo("skipped; reason=Timeout");
    assertThat(reply.header("x-weir-degraded")).isEqualTo("without-retrieval");
    assertThat(reply.body()).doesNotContain("288 kilometres");
  }
}
