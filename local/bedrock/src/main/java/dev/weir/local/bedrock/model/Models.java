package dev.weir.local.bedrock.model;

import dev.weir.local.bedrock.wire.ErrorReply;
import dev.weir.local.bedrock.wire.Prompt;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The models served, by id, and the scripts a test has put in their place. Thread-safe. */
public final class Models {
  private final Map<String, LanguageModel> models;
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();

  public Models(Map<String, LanguageModel> models) {
    this.models = Map.copyOf(models);
  }

  /** Puts a script in a model's place; it then ignores prompt and limits. */
  public void script(String id, Script script) {
    scripts.put(id, script);
  }

  /** Gives the model its voice back. */
  public void restore(String id) {
    scripts.remove(id);
  }

  /** Whether a model has this id. */
  public boolean has(String id) {
    return models.containsKey(id);
  }

  /** Counts as {@link LanguageModel#countTokens} does. */
  public int countTokens(String id, Prompt prompt) throws ErrorReply {
    return model(id).countTokens(prompt);
  }

  /** Answers as {@link LanguageModel#answer} does, or as the script says. */
  public void answer(String id, Prompt prompt, AnswerSink sink) throws AnswerEnded, ErrorReply {
    LanguageModel model = model(id);
    Script script = scripts.get(id);
    if (script != null) {
      script.play(sink);
    } else {
      model.answer(prompt, sink);
    }
  }

  /** Refuses an id no model has. */
  public void require(String id) throws ErrorReply {
    model(id);
  }

  private LanguageModel model(String id) throws ErrorReply {
    LanguageModel model = models.get(id);
    if (model == null) {
      throw ErrorReply.validation("The provided model identifier is invalid.");
    }
    return model;
  }
}
