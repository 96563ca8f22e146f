package dev.weir.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.admission.Ask;
import dev.weir.admission.Dimension;
import dev.weir.audit.AuditEntry;
import dev.weir.guard.Samples;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What guards block before admission, at every door whose texts they judge. */
class BlockedRequestTest {

  private static final String TEXT = "key " + Samples.AWS_KEY;

  private enum Route {
    CHAT,
    RESPONSES,
    EMBEDDINGS,
    ENDPOINTS
  }

  /**
   * A door on fakes.
   *
   * @param ask sends it a text that the guard set {@code local} blocks and a model's own does not
   */
  private record Stage(
      FakeAdmission limiter,
      DoorStack.Audited audit,
      Supplier<String> logged,
      Supplier<Client.Reply> ask) {}

  private static Stage stage(Route route) throws IOException {
    Stage stage =
        switch (route) {
          case CHAT -> {
            TestStack stack = new TestStack();
            Client client = stack.client("acme");
            yield new Stage(
                stack.limiter,
                stack.audit,
                stack::logged,
                () ->
                    client.post(
                        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                            .formatted(TEXT)));
          }
          case RESPONSES -> {
            TestStack stack = new TestStack();
            Client client = stack.responses("acme");
            yield new Stage(
                stack.limiter,
                stack.audit,
                stack::logged,
                () -> client.post("{\"model\":\"m\",\"input\":\"%s\"}".formatted(TEXT)));
          }
          case EMBEDDINGS -> {
            EmbeddingStack stack = new EmbeddingStack();
            Client client = stack.client("acme");
            yield new Stage(
                stack.limiter,
                stack.audit,
                stack::logged,
                () -> client.post("{\"model\":\"one\",\"input\":\"%s\"}".formatted(TEXT)));
          }
          case ENDPOINTS -> {
            EndpointStack stack =
                new EndpointStack(wire -> {
                  wire.status(200, "Content-Type: text/plain");
                  wire.end();
                });
            yield new Stage(
                stack.limiter,
                stack.audit,
                stack::logged,
                () ->
                    stack.invoke(
                        "parts",
                        TEXT,
                        "content-type",
                        "text/plain",
                        "X-Amzn-SageMaker-Inference-Component",
                        "llama"));
          }
        };
    stage.limiter().guard = Optional.of("local");
    return stage;
  }

  @ParameterizedTest
  @EnumSource
  void it_counts_as_a_request_of_no_tokens_and_no_cost(Route route) throws IOException {
    Stage stage = stage(route);

    Client.Reply reply = stage.ask().get();

    assertThat(reply.status).isEqualTo(400);
    assertThat(reply.code()).isEqualTo("content_filter");
    assertThat(reply.header("x-weir-guard")).isEqualTo("blocked input:secrets");
    assertThat(reply.header("x-ratelimit-remaining-requests")).isEqualTo("59");
    assertThat(stage.limiter().asks).hasSize(1);
    Ask ask = stage.limiter().asks.getFirst();
    assertThat(ask.tokens()).isZero();
    assertThat(ask.microUsd()).isZero();
    assertThat(ask.lease()).isEqualTo(Duration.ZERO);
    assertThat(stage.limiter().settled).isEmpty();
    assertThat(stage.audit().entries)
        .extracting(AuditEntry::decision)
        .containsExactly("content_filter");
  }

  @ParameterizedTest
  @EnumSource
  void over_the_rate_it_is_told_so_and_not_written_down(Route route) throws IOException {
    Stage stage = stage(route);
    stage.limiter().refuseWith(Dimension.REQUESTS);

    Client.Reply reply = stage.ask().get();

    assertThat(reply.status).isEqualTo(429);
    assertThat(stage.audit().entries).isEmpty();
    assertThat(stage.audit().counted).containsExactly("acme rate_limit_exceeded");
  }

  @ParameterizedTest
  @EnumSource
  void who_is_certain_to_be_over_the_rate_is_not_judged(Route route) throws IOException {
    Stage stage = stage(route);
    stage.limiter().refuseWith(Dimension.REQUESTS);
    stage.limiter().isCertain = true;

    Client.Reply reply = stage.ask().get();

    assertThat(reply.status).isEqualTo(429);
    assertThat(reply.header("x-weir-limit")).isEqualTo("requests");
    assertThat(stage.logged().get()).contains("\"guards\":\"\"");
  }

  @ParameterizedTest
  @EnumSource
  void while_the_limits_cannot_be_read_it_is_not_written_down(Route route) throws IOException {
    Stage stage = stage(route);
    stage.limiter().refuseWith(Dimension.UNAVAILABLE);

    assertThat(stage.ask().get().code()).isEqualTo("limiter_unavailable");
    assertThat(stage.audit().entries).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void it_passes_where_its_tenants_guard_set_allows_it_by_now(Route route) throws IOException {
    Stage stage = stage(route);
    stage.limiter().onReserve = () -> stage.limiter().guard = Optional.empty();

    assertThat(stage.ask().get().status).isEqualTo(200);
    assertThat(stage.audit().entries).extracting(AuditEntry::decision).containsExactly("complete");
  }

  @ParameterizedTest
  @EnumSource
  void a_request_that_cannot_be_judged_counts_too(Route route) throws IOException {
    Stage stage = stage(route);
    stage.limiter().guard = Optional.of("gone");

    assertThat(stage.ask().get().code()).isEqualTo("guard_unavailable");
    assertThat(stage.limiter().asks).hasSize(1);
  }
}
