import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.NotFoundException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.models.Model;

/** Lists the models, asks one, whole and as a stream, and asks one that is not there. */
class Chat {

  public static void main(String[] arguments) {
    OpenAIClient client = OpenAIOkHttpClient.fromEnv();
    try {
      System.out.println("models: " + client.models().list().data().stream().map(Model::id).toList());
      whole(client);
      stream(client);
      absent(client);
    } finally {
      client.close();
    }
  }

  private static ChatCompletionCreateParams.Builder request(String text) {
    return ChatCompletionCreateParams.builder()
        .model(System.getenv().getOrDefault("MODEL", "small"))
        .maxCompletionTokens(40)
        .addUserMessage(text);
  }

  private static void whole(OpenAIClient client) {
    ChatCompletion answer =
        client.chat().completions().create(request("Name a river.").build());
    System.out.println("answer: " + answer.choices().getFirst().message().content().orElseThrow());
    System.out.println("tokens: " + answer.usage().orElseThrow().totalTokens());
  }

  private static void stream(OpenAIClient client) {
    var options = ChatCompletionStreamOptions.builder().includeUsage(true).build();
    var request = request("Write one sentence about rivers.").streamOptions(options).build();
    try (var chunks = client.chat().completions().createStreaming(request)) {
      chunks.stream()
          .peek(chunk -> chunk.usage().ifPresent(used ->
              System.out.println("\ntokens: " + used.totalTokens())))
          .flatMap(chunk -> chunk.choices().stream())
          .flatMap(choice -> choice.delta().content().stream())
          .forEach(System.out::print);
    }
  }

  private static void absent(OpenAIClient client) {
    try {
      client.chat().completions().create(request("Hello.").model("nova-huge").build());
      throw new AssertionError("a model that is not there answered");
    } catch (NotFoundException e) {
      System.out.println(e.statusCode() + " " + e.code().orElseThrow());
    }
  }
}
