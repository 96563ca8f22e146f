package dev.weir.inference.bedrock;

import dev.weir.api.ChatRequest;
import dev.weir.api.ChatRequestReader;
import dev.weir.api.Parsed;
import dev.weir.model.ModelCall;
import java.nio.charset.StandardCharsets;

/** Model calls made from request bodies, read as a client's would be. */
final class Calls {
  private Calls() {}

  static ModelCall of(String body, boolean stream) {
    return new ModelCall("m", request(body), 100, stream);
  }

  static ModelCall hello(boolean stream) {
    return of("{'model':'m','messages':[{'role':'user','content':'hi'}]}", stream);
  }

  static ModelCall formatted(String format, boolean stream) {
    return of(
        "{'model':'m','messages':[{'role':'user','content':'hi'}],'response_format':"
            + format
            + "}",
        stream);
  }

  static ChatRequest request(String body) {
    byte[] json = Fixture.json(body).getBytes(StandardCharsets.UTF_8);
    return switch (new ChatRequestReader(1_000_000).read(json)) {
      case Parsed.Ok<ChatRequest>(ChatRequest request) -> request;
      case Parsed.Bad<ChatRequest>(var error) -> throw new AssertionError(error.toString());
    };
  }
}
