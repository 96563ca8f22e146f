package dev.weir.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.api.ChatRequest;
import dev.weir.api.ChatRequestReader;
import dev.weir.api.Parsed;
import dev.weir.model.ModelCall;
import dev.weir.route.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RoutedModelsTest {

  private final ScriptedModel bedrock = new ScriptedModel();
  private final ScriptedModel sageMaker = new ScriptedModel();
  private final AtomicInteger made = new AtomicInteger();
  private final RoutedModels models =
      new RoutedModels(
          bedrock,
          () -> {
            made.incrementAndGet();
            return sageMaker;
          });

  private void ask(String target) {
    byte[] hello =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
            .getBytes(StandardCharsets.UTF_8);
    if (new ChatRequestReader(1_000).read(hello) instanceof Parsed.Ok<ChatRequest>(var request)) {
      Deadline ample =
          new Deadline(
              Long.MAX_VALUE, Duration.ofMinutes(1), Duration.ofMinutes(1), Clock.systemUTC());
      models.ask(new ModelCall(target, request, 1, true), ample, event -> {});
    }
  }

  @Test
  void each_target_is_asked_where_it_is_served_and_sagemaker_costs_nothing_until_then() {
    ask("vendor.m");
    ask("us.vendor.m");
    assertThat(made).hasValue(0);

    ask("sagemaker/chat");
    ask("sagemaker/chat/llama");

    assertThat(bedrock.calls).hasSize(2);
    assertThat(sageMaker.calls).hasSize(2);
    assertThat(made).hasValue(1);
  }
}
