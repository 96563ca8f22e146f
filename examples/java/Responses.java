import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;

/** Two turns, the second streamed, each remembered by the gateway, then forgotten. */
class Responses {

  public static void main(String[] arguments) {
    OpenAIClient client = OpenAIOkHttpClient.fromEnv();
    try {
      Response first = client.responses().create(request("Name a river.").build());
      Response second =
          stream(client, request("And where is it?").previousResponseId(first.id()).build());
      System.out.println("\ntokens of prompt: " + second.usage().orElseThrow().inputTokens());
      client.responses().delete(first.id());
      client.responses().delete(second.id());
    } finally {
      client.close();
    }
  }

  private static ResponseCreateParams.Builder request(String text) {
    return ResponseCreateParams.builder()
        .model(System.getenv().getOrDefault("MODEL", "scripted"))
        .maxOutputTokens(60)
        .input(text);
  }

  private static Response stream(OpenAIClient client, ResponseCreateParams request) {
    ResponseAccumulator whole = ResponseAccumulator.create();
    try (var events = client.responses().createStreaming(request)) {
      events.stream()
          .map(whole::accumulate)
          .flatMap(event -> event.outputTextDelta().stream())
          .forEach(event -> System.out.print(event.delta()));
    }
    return whole.response();
  }
}
