import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;

/** Lets the model call a function and answers with its result; then asks for an answer of a type. */
class Tools {

  /** What the model may call. */
  @JsonClassDescription("Weather of a place.")
  public static class GetWeather {
    public String place = "";
  }

  /** What it has to answer. */
  public static class Weather {
    public String place = "";
    public int degrees;
  }

  public static void main(String[] arguments) {
    OpenAIClient client = OpenAIOkHttpClient.fromEnv();
    try {
      tools(client);
      structured(client);
    } finally {
      client.close();
    }
  }

  private static ChatCompletionCreateParams.Builder request() {
    return ChatCompletionCreateParams.builder()
        .model(System.getenv().getOrDefault("MODEL", "scripted"))
        .maxCompletionTokens(200);
  }

  private static void tools(OpenAIClient client) {
    var request =
        request().addTool(GetWeather.class).addUserMessage("What is the weather in Oslo?");
    ChatCompletionMessage called = ask(client, request);
    request.addMessage(called);
    for (var call : called.toolCalls().orElseThrow()) {
      var function = call.asFunction();
      System.out.println(
          "called: %s %s".formatted(
              function.function().name(), function.function().arguments(GetWeather.class).place));
      request.addMessage(
          ChatCompletionToolMessageParam.builder()
              .toolCallId(function.id())
              .content("Sunny, 20 degrees.")
              .build());
    }
    System.out.println("answer: " + ask(client, request).content().orElseThrow());
  }

  private static ChatCompletionMessage ask(
      OpenAIClient client, ChatCompletionCreateParams.Builder request) {
    return client.chat().completions().create(request.build()).choices().getFirst().message();
  }

  private static void structured(OpenAIClient client) {
    var request =
        request().responseFormat(Weather.class).addUserMessage("It is 20 degrees in Oslo.").build();
    Weather weather =
        client.chat().completions().create(request).choices().getFirst().message().content()
            .orElseThrow();
    System.out.println("weather: %s, %d".formatted(weather.place, weather.degrees));
  }
}
