package dev.weir.local.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.Test;

/** The process: how it begins and how it ends. */
final class BedrockStandInIT {

  @Test
  void without_weights_it_warns_once_and_the_small_model_only_echoes() throws Exception {
    try (StandInProcess standIn = new StandInProcess();
        Stage stage = new Stage(standIn.address, () -> {})) {

      String answer =
          stage
              .sync
              .converse(r -> r.modelId("local.smollm2-135m-instruct").messages(Requests.HELLO))
              .output()
              .message()
              .content()
              .getFirst()
              .text();

      assertThat(answer).isEqualTo("[echo model: no weights] Hello there");
      assertThat(standIn.errors()).containsOnlyOnce("WARNING: no weights");
    }
  }

  @Test
  void it_listens_on_loopback_only() throws Exception {
    try (StandInProcess standIn = new StandInProcess("--port", "0")) {
      assertThat(standIn.address.getHost()).isEqualTo("127.0.0.1");
      assertThat(standIn.address.getPort()).isPositive();
    }
  }

  @Test
  void it_ends_when_its_standard_input_ends() throws Exception {
    try (StandInProcess standIn = new StandInProcess()) {
      standIn.process.getOutputStream().close();

      assertThat(standIn.ends()).isTrue();
    }
  }

  @Test
  void it_ends_on_sigterm() throws Exception {
    try (StandInProcess standIn = new StandInProcess("--detached")) {
      standIn.process.destroy();

      assertThat(standIn.ends()).isTrue();
    }
  }

  @Test
  void weights_that_are_none_are_refused_at_the_start() {
    assertThat(catchThrowable(() -> new StandInProcess("--weights", "pom.xml").close()))
        .hasMessageContaining("not a GGUF file");
  }
}
