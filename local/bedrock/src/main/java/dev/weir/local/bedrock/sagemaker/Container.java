package dev.weir.local.bedrock.sagemaker;

import dev.weir.local.bedrock.model.AnswerEnded;
import dev.weir.local.bedrock.wire.ErrorReply;
import dev.weir.local.bedrock.wire.Json;
import dev.weir.local.bedrock.wire.Prompt;
import dev.weir.local.bedrock.wire.StreamEvent;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What answers behind an endpoint. */
public sealed interface Container {

  /** Makes a model answer a prompt. */
  @FunctionalInterface
  interface Speaker {
    void speak(String model, Prompt prompt, Hearing hearing) throws ErrorReply, AnswerEnded;
  }

  /** Where a model's events go. */
  @FunctionalInterface
  interface Hearing {
    void accept(StreamEvent event) throws AnswerEnded;
  }

  /** Where the body of the answer goes, as it grows. */
  @FunctionalInterface
  interface Body {
    void add(byte[] more) throws AnswerEnded;
  }

  /** Answers a request's body. */
  void answer(byte[] body, Speaker speaker, Body answer) throws ErrorReply, AnswerEnded;

  /** The content type of its answers. */
  String contentType(EndpointRequest request, byte[] body);

  /** A language model that speaks OpenAI's chat completions. */
  record Chat(String model) implements Container {

    @Override
    public void answer(byte[] body, Speaker speaker, Body answer) throws ErrorReply, AnswerEnded {
      ChatPrompt chat = ChatPrompt.of(body);
      ChatEvents events = new ChatEvents(model, chat.includeUsage());
      speaker.speak(
          model,
          chat.prompt(),
          event -> {
            Optional<byte[]> chunk = events.chunk(event).map(json -> event(Json.bytes(json)));
            if (chat.stream() && chunk.isPresent()) {
              answer.add(chunk.get());
            }
          });
      if (!chat.stream()) {
        answer.add(Json.bytes(events.completion()));
      } else if (events.isStopped()) {
        answer.add(event("[DONE]".getBytes(StandardCharsets.UTF_8)));
      }
    }

    private static byte[] event(byte[] data) {
      return ("data: " + new String(data, StandardCharsets.UTF_8) + "\n\n")
          .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String contentType(EndpointRequest request, byte[] body) {
      return ChatPrompt.streams(body) ? "text/event-stream" : "application/json";
    }
  }

  /** Gives back what it got, whatever that is. */
  record Echo() implements Container {

    @Override
    public void answer(byte[] body, Speaker speaker, Body answer) throws AnswerEnded {
      answer.add(body);
    }

    @Override
    public String contentType(EndpointRequest request, byte[] body) {
      return request.contentType();
    }
  }
}
