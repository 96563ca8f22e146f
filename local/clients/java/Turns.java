import com.openai.client.OpenAIClient;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputItem;
import java.util.List;
import java.util.stream.Collectors;

/** Responses that remember: whole and streamed, with a tool, structured, and forgotten. */
final class Turns {

  private Turns() {}

  static void served(OpenAIClient client) {
    streamedIsBuffered(client);
    turnsAreRemembered(client);
    toolsAreAnswered(client);
    structuredOutputParses(client);
  }

  private static ResponseCreateParams.Builder request(String text) {
    return ResponseCreateParams.builder().model("scripted").input(text);
  }

  private static void streamedIsBuffered(OpenAIClient client) {
    Response whole = client.responses().create(request("one two three").build());
    Response streamed = stream(client, request("one two three").build());
    Expect.equal(text(streamed), text(whole));
    Expect.equal(streamed.usage(), whole.usage());
  }

  private static Response stream(OpenAIClient client, ResponseCreateParams request) {
    ResponseAccumulator accumulator = ResponseAccumulator.create();
    try (var events = client.responses().createStreaming(request)) {
      events.stream().forEach(accumulator::accumulate);
    }
    return accumulator.response();
  }

  private static void turnsAreRemembered(OpenAIClient client) {
    Response first = client.responses().create(request("Name a river.").build());
    Response second =
        stream(client, request("And where is it?").previousResponseId(first.id()).build());
    Expect.that(tokens(second) > tokens(first), "the first turn is not in the second");
    client.responses().delete(first.id());
    client.responses().delete(second.id());
    try {
      client.responses().retrieve(second.id());
    } catch (NotFoundException e) {
      return;
    }
    throw new AssertionError("a deleted response is still there");
  }

  private static void toolsAreAnswered(OpenAIClient client) {
    Response called =
        client.responses().create(request("What time is it?").addTool(Client.GetTime.class).build());
    ResponseFunctionToolCall call =
        called.output().stream().flatMap(item -> item.functionCall().stream()).findFirst().orElseThrow();
    Expect.equal(call.arguments(), "{\"zone\":\"text\"}");
    ResponseInputItem result =
        ResponseInputItem.ofFunctionCallOutput(
            ResponseInputItem.FunctionCallOutput.builder()
                .callId(call.callId())
                .output("Noon.")
                .build());
    Response answer =
        client.responses().create(
            ResponseCreateParams.builder()
                .model("scripted")
                .addTool(Client.GetTime.class)
                .previousResponseId(called.id())
                .inputOfResponse(List.of(result))
                .build());
    Expect.that(!text(answer).isEmpty(), "no answer to a tool's result");
  }

  private static void structuredOutputParses(OpenAIClient client) {
    var response = client.responses().create(request("I love it.").text(Client.Mood.class).build());
    Client.Mood mood =
        response.output().stream()
            .flatMap(item -> item.message().stream())
            .flatMap(message -> message.content().stream())
            .flatMap(content -> content.outputText().stream())
            .findFirst()
            .orElseThrow();
    Expect.equal(mood.mood, "text");
  }

  private static long tokens(Response response) {
    return response.usage().orElseThrow().inputTokens();
  }

  private static String text(Response response) {
    return response.output().stream()
        .flatMap(item -> item.message().stream())
        .flatMap(message -> message.content().stream())
        .flatMap(content -> content.outputText().stream())
        .map(text -> text.text())
        .collect(Collectors.joining());
  }
}
