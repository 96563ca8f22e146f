import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.models.Model;
import java.util.List;

/** The unmodified Java client before the running stack; ends with an error where it is not served. */
class Client {

  /** What the model may call. */
  public static class GetTime {
    public String zone = "";
  }

  /** What it has to answer. */
  public static class Mood {
    public String mood = "";
    public int points;
  }

  private static final String URL = System.getenv("WEIR_URL") + "/v1";

  public static void main(String[] arguments) {
    OpenAIClient client = connect(System.getenv("WEIR_KEY"));
    OpenAIClient stranger = connect("weir_wrong");
    try {
      models(client);
      streamedIsBuffered(client);
      toolsAreRebuilt(client);
      structuredOutputParses(client);
      refused(client, stranger);
      Vectors.served(client);
      Turns.served(client);
      System.out.println(
          "java: models, answers, streams, tools, structured output, vectors, turns and errors are served");
    } finally {
      client.close();
      stranger.close();
    }
  }

  private static OpenAIClient connect(String key) {
    return OpenAIOkHttpClient.builder().baseUrl(URL).apiKey(key).build();
  }

  private static ChatCompletionCreateParams.Builder request(String text) {
    return ChatCompletionCreateParams.builder().model("scripted").addUserMessage(text);
  }

  private static void models(OpenAIClient client) {
    List<String> ids = client.models().list().data().stream().map(Model::id).toList();
    Expect.that(ids.contains("scripted"), "models are " + ids);
    Expect.that(client.models().retrieve("scripted").ownedBy().equals("local"), "the model's owner");
  }

  private static void streamedIsBuffered(OpenAIClient client) {
    var whole = client.chat().completions().create(request("one two three").build());
    var streamed = stream(client, request("one two three")
        .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build()));
    Expect.equal(streamed.choices().getFirst().message().content(),
        whole.choices().getFirst().message().content());
    Expect.equal(streamed.usage(), whole.usage());
  }

  private static ChatCompletion stream(
      OpenAIClient client, ChatCompletionCreateParams.Builder request) {
    var accumulator = ChatCompletionAccumulator.create();
    try (var chunks = client.chat().completions().createStreaming(request.build())) {
      chunks.stream().forEach(accumulator::accumulate);
    }
    return accumulator.chatCompletion();
  }

  private static void toolsAreRebuilt(OpenAIClient client) {
    var buffered = client.chat().completions().create(asking().build());
    var streamed = stream(client, asking());
    ChatCompletionMessage called = streamed.choices().getFirst().message();
    Expect.equal(names(called), names(buffered.choices().getFirst().message()));
    Expect.equal(names(called), List.of("GetTime {\"zone\":\"text\"}"));
    Expect.equal(streamed.choices().getFirst().finishReason().asString(), "tool_calls");
  }

  private static ChatCompletionCreateParams.Builder asking() {
    return request("What time is it?").addTool(GetTime.class);
  }

  private static List<String> names(ChatCompletionMessage message) {
    return message.toolCalls().orElseThrow().stream()
        .map(ChatCompletionMessageToolCall::asFunction)
        .map(call -> call.function().name() + " " + call.function().arguments())
        .toList();
  }

  private static void structuredOutputParses(OpenAIClient client) {
    var request = request("I love it.").responseFormat(Mood.class).build();
    Mood mood =
        client.chat().completions().create(request).choices().getFirst().message().content()
            .orElseThrow();
    Expect.equal(mood.mood, "text");
    var streamed = ChatCompletionAccumulator.create();
    try (var chunks = client.chat().completions().createStreaming(request)) {
      chunks.stream().forEach(streamed::accumulate);
    }
    Mood spoken =
        streamed.chatCompletion(Mood.class).choices().getFirst().message().content().orElseThrow();
    Expect.equal(spoken.mood, "text");
  }

  private static void refused(OpenAIClient client, OpenAIClient stranger) {
    refused(UnauthorizedException.class, "invalid_api_key", stranger, request("Hi."));
    refused(NotFoundException.class, "model_not_found", client, request("Hi.").model("nova-huge"));
    refused(BadRequestException.class, "unknown_parameter", client,
        request("Hi.").putAdditionalBodyProperty("colour", JsonValue.from("red")));
  }

  private static void refused(
      Class<? extends OpenAIServiceException> type, String code, OpenAIClient client,
      ChatCompletionCreateParams.Builder request) {
    try {
      client.chat().completions().create(request.build());
    } catch (OpenAIServiceException e) {
      Expect.that(type.isInstance(e), e + " is no " + type.getSimpleName());
      Expect.equal(e.code().orElseThrow(), code);
      Expect.that(!e.headers().values("x-request-id").isEmpty(), "no x-request-id");
      return;
    }
    throw new AssertionError("no " + code);
  }
}
