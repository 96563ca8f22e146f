package dev.weir.inference.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.model.ModelEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConverseEventsTest {

  @Test
  void the_numbers_of_a_buffered_call_keep_the_digits_a_stream_would_have_sent()
      throws IOException {
    String arguments = "{\"a\":1.0,\"b\":2.50,\"c\":12345678901234567890.12345678901234567890}";
    String reply =
        """
        {"output":{"message":{"content":[{"toolUse":{"toolUseId":"t","name":"f","input":%s}}]}}}
        """;

    assertThat(ConverseEvents.ofReply(reply.formatted(arguments).getBytes(StandardCharsets.UTF_8)))
        .contains(new ModelEvent.ToolDelta(0, arguments));
  }
}
