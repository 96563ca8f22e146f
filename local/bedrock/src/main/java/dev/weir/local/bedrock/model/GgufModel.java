package dev.weir.local.bedrock.model;

import com.fasterxml.jackson.databind.JsonNode;
import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaIterator;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import dev.weir.local.bedrock.wire.ErrorReply;
import dev.weir.local.bedrock.wire.Json;
import dev.weir.local.bedrock.wire.Prompt;
import dev.weir.local.bedrock.wire.StreamEvent;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * SmolLM2-135M-Instruct on one CPU thread. Answers one prompt at a time: put it behind a {@link
 * QueuedModel}. Its native threads never end, so neither does the process without {@code halt}.
 *
 * <p>Fluent and often wrong; with tools its calls are well-formed, for a grammar leaves no other
 * way, and its choice among them means nothing.
 */
public final class GgufModel implements LanguageModel {
  private static final int CONTEXT = 2048;
  private static final int DEFAULT_MAX_TOKENS = 512;
  private static final double TEXT_TEMPERATURE = 0.3;
  private static final double CALL_TEMPERATURE = 0;

  /** Without it the model repeats itself without end at low temperatures. */
  private static final float REPEAT_PENALTY = 1.1f;

  /** A prompt is read in pieces, about a second each, to see between them whether it is wanted. */
  private static final int PIECE = 128;

  private final LlamaModel llama;
  private final InstantSource clock;
  private final Supplier<String> ids;

  /**
   * Loads the weights.
   *
   * @throws IOException the file is absent or no GGUF
   */
  public GgufModel(Path weights, InstantSource clock, Supplier<String> ids) throws IOException {
    requireGguf(weights);
    // Processes that share a folder would delete each other's native library.
    Path unpacked = Files.createTempDirectory("weir-llama");
    System.setProperty("de.kherud.llama.tmpdir", unpacked.toString());
    this.llama =
        new LlamaModel(
            new ModelParameters()
                .setModel(weights.toString())
                .setThreads(1)
                .setThreadsBatch(1)
                .setCtxSize(CONTEXT)
                .setGpuLayers(0)
                .disableLog());
    removeLoaded(unpacked);
    this.clock = clock;
    this.ids = ids;
  }

  private static void removeLoaded(Path unpacked) throws IOException {
    try (DirectoryStream<Path> libraries = Files.newDirectoryStream(unpacked)) {
      for (Path library : libraries) {
        Files.delete(library);
      }
    }
    Files.delete(unpacked);
  }

  private static void requireGguf(Path weights) throws IOException {
    try (var in = Files.newInputStream(weights)) {
      if (!Arrays.equals(in.readNBytes(4), new byte[] {'G', 'G', 'U', 'F'})) {
        throw new IOException("not a GGUF file: " + weights);
      }
    }
  }

  @Override
  public int countTokens(Prompt prompt) {
    return llama.encode(ChatTemplate.of(prompt)).length;
  }

  @Override
  public void answer(Prompt prompt, AnswerSink sink) throws AnswerEnded, ErrorReply {
    long begun = clock.millis();
    String text = ChatTemplate.of(prompt);
    int[] tokens = llama.encode(text);
    int room = CONTEXT - tokens.length;
    if (room < 1) {
      throw ErrorReply.validation("Input is too long for requested model.");
    }
    int budget = Math.min(room, prompt.sampling().maxTokens().orElse(DEFAULT_MAX_TOKENS));
    sink.send(StreamEvent.started());
    read(tokens, sink);
    List<Prompt.Tool> tools = prompt.toolsToCall();
    double temperature = tools.isEmpty() ? TEXT_TEMPERATURE : CALL_TEMPERATURE;
    InferenceParameters question =
        question(text, prompt.sampling(), temperature)
            .setNPredict(budget)
            .setCachePrompt(tokens.length > PIECE);
    String said = tools.isEmpty() ? speak(question, prompt, sink) : call(question, tools, sink);
    int spent = Math.min(budget, said.isEmpty() ? 0 : llama.encode(said).length);
    sink.send(StreamEvent.metadata(tokens.length, spent, clock.millis() - begun));
  }

  /**
   * Reads all of a long prompt but its last piece into the native cache, emptied first: what an
   * earlier prompt left there would round differently and change greedy answers.
   */
  private void read(int[] tokens, AnswerSink sink) throws AnswerEnded {
    if (tokens.length > PIECE) {
      run(begin(tokens, 1).setCachePrompt(false), sink, text -> true);
      for (int end = PIECE; end < tokens.length; end += PIECE) {
        run(begin(tokens, end).setCachePrompt(true), sink, text -> true);
      }
    }
  }

  private InferenceParameters begin(int[] tokens, int end) {
    return new InferenceParameters(llama.decode(Arrays.copyOf(tokens, end))).setNPredict(0);
  }

  private static InferenceParameters question(
      String text, Prompt.Sampling sampling, double temperature) {
    InferenceParameters question =
        new InferenceParameters(text)
            .setRepeatPenalty(REPEAT_PENALTY)
            .setTemperature((float) sampling.temperature().orElse(temperature));
    sampling.topP().ifPresent(topP -> question.setTopP((float) topP));
    return question;
  }

  private String speak(InferenceParameters question, Prompt prompt, AnswerSink sink)
      throws AnswerEnded {
    StopScanner scanner = new StopScanner(prompt.sampling().stopSequences());
    StringBuilder said = new StringBuilder();
    boolean ended =
        run(
            question,
            sink,
            text -> {
              say(scanner.accept(text), said, sink);
              return !scanner.hasStopped();
            });
    say(scanner.rest(), said, sink);
    if (!said.isEmpty()) {
      sink.send(StreamEvent.blockStopped(0));
    }
    String reason = scanner.hasStopped() ? "stop_sequence" : ended ? "end_turn" : "max_tokens";
    sink.send(StreamEvent.stopped(reason));
    return said.toString();
  }

  private static void say(String text, StringBuilder said, AnswerSink sink) throws AnswerEnded {
    if (!text.isEmpty()) {
      said.append(text);
      sink.send(StreamEvent.text(0, text));
    }
  }

  /** Without a whole call, for the token limit came first, the answer has no content. */
  private String call(InferenceParameters question, List<Prompt.Tool> tools, AnswerSink sink)
      throws AnswerEnded {
    // The penalty would steer arguments away from the words of the question.
    question
        .setRepeatPenalty(1)
        .setGrammar(LlamaModel.jsonSchemaToGrammar(ToolGrammar.schema(tools)));
    StringBuilder said = new StringBuilder();
    run(
        question,
        sink,
        text -> {
          said.append(text);
          return true;
        });
    try {
      JsonNode call = Json.read(said.toString());
      sink.send(StreamEvent.toolStarted(0, "tooluse_" + ids.get(), call.path("name").asText()));
      sink.send(StreamEvent.toolInput(0, call.path("arguments").toString()));
      sink.send(StreamEvent.blockStopped(0));
      sink.send(StreamEvent.stopped("tool_use"));
    } catch (IOException cut) {
      sink.send(StreamEvent.stopped("max_tokens"));
    }
    return said.toString();
  }

  /** Takes a piece of generated text; says whether to go on. */
  @FunctionalInterface
  private interface Listener {
    boolean accept(String text) throws AnswerEnded;
  }

  /**
   * Generates until the model ends, the listener has enough or nobody listens. An iterator that is
   * not cancelled would go on generating and keep the next prompt waiting.
   *
   * @return whether the model itself came to the end: it then gives its end token, without text,
   *     before the closing output
   */
  private boolean run(InferenceParameters question, AnswerSink sink, Listener listener)
      throws AnswerEnded {
    LlamaIterator outputs = llama.generate(question).iterator();
    int silent = 0;
    try {
      while (outputs.hasNext()) {
        String text = outputs.next().text;
        sink.pause(Duration.ZERO);
        silent = text.isEmpty() ? silent + 1 : 0;
        if (!listener.accept(text)) {
          return false;
        }
      }
    } finally {
      outputs.cancel();
    }
    return silent > 1;
  }
}
