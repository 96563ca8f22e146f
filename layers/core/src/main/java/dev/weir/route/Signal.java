package dev.weir.route;

import dev.weir.api.ChatCompletion;
import dev.weir.api.ChatRequest;
import dev.weir.api.ChatRequest.ImagePart;
import dev.weir.api.ChatRequest.ResponseFormat;
import dev.weir.api.ChatRequest.UserMessage;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A sign that a cascade's small model will not do, or has not done. Pure. */
public sealed interface Signal {

  /** As the catalog, the reply header and the ledger have it. */
  String name();

  /** Looked for in the request, before any model is asked. */
  sealed interface Before extends Signal {
    boolean fires(Question question);
  }

  /** Looked for in the small model's answer. */
  sealed interface After extends Signal {
    boolean fires(ChatRequest request, ChatCompletion answer);
  }

  /** Found out by asking again. */
  sealed interface Asking extends Signal permits SelfConsistency, Score {}

  /**
   * What is known before a model is asked.
   *
   * @param promptTokens upper bound of the prompt
   * @param tier what the client asked for, if it did
   */
  record Question(ChatRequest request, long promptTokens, Optional<Tier> tier) {}

  /** A prompt of more than {@code above} tokens, as bounded for the limits. */
  record PromptTokens(long above) implements Before {
    @Override
    public String name() {
      return "prompt-tokens";
    }

    @Override
    public boolean fires(Question question) {
      return question.promptTokens() > above;
    }
  }

  /** More than {@code above} tools. */
  record Tools(long above) implements Before {
    @Override
    public String name() {
      return "tools";
    }

    @Override
    public boolean fires(Question question) {
      return question.request().tools().size() > above;
    }
  }

  /** An image. */
  record Images() implements Before {
    @Override
    public String name() {
      return "images";
    }

    @Override
    public boolean fires(Question question) {
      return question.request().messages().stream()
          .anyMatch(message ->
              message instanceof UserMessage(var parts)
                  && parts.stream().anyMatch(ImagePart.class::isInstance));
    }
  }

  /** An answer asked for by a JSON Schema. */
  record Format() implements Before {
    @Override
    public String name() {
      return "response-format";
    }

    @Override
    public boolean fires(Question question) {
      return question.request().responseFormat().orElse(null) instanceof ResponseFormat.JsonSchema;
    }
  }

  /** The client's own word: {@code x-weir-tier} or {@code metadata.weir_tier}. */
  record Asked() implements Before {
    @Override
    public String name() {
      return "tier";
    }

    @Override
    public boolean fires(Question question) {
      return question.tier().filter(Tier.LARGE::equals).isPresent();
    }
  }

  /** An answer that its token limit has cut. */
  record Truncated() implements After {
    @Override
    public String name() {
      return "truncated";
    }

    @Override
    public boolean fires(ChatRequest request, ChatCompletion answer) {
      return answer.finishReason().equals("length");
    }
  }

  /**
   * An answer that begins by declining.
   *
   * @param phrases in lower case; each is looked for in the first {@value #LOOKED_AT} characters
   */
  record Refusal(List<String> phrases) implements After {
    private static final int LOOKED_AT = 200;

    /** What models commonly say. */
    public static final List<String> COMMON =
        List.of(
            "i can't help",
            "i cannot help",
            "i can't assist",
            "i cannot assist",
            "i'm sorry, but i",
            "i am sorry, but i",
            "i'm not able to",
            "i am not able to",
            "i'm unable to",
            "i am unable to",
            "i don't know",
            "i do not know",
            "as an ai");

    @Override
    public String name() {
      return "refusal";
    }

    @Override
    public boolean fires(ChatRequest request, ChatCompletion answer) {
      String text = answer.text();
      String begins =
          text.substring(0, Math.min(LOOKED_AT, text.length()))
              .toLowerCase(Locale.ROOT)
              .replace('\u2019', '\'');
      return phrases.stream().anyMatch(begins::contains);
    }
  }

  /** An answer, or a call of a tool, that its JSON Schema does not allow. */
  record Schema() implements After {
    @Override
    public String name() {
      return "schema";
    }

    @Override
    public boolean fires(ChatRequest request, ChatCompletion answer) {
      return !SchemaCheck.allows(request, answer);
    }
  }
}
