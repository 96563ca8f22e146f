package dev.weir.local.bedrock;

import dev.weir.local.bedrock.embedding.Embeddings;
import dev.weir.local.bedrock.embedding.HashEmbedder;
import dev.weir.local.bedrock.embedding.MiniLm;
import dev.weir.local.bedrock.model.GgufModel;
import dev.weir.local.bedrock.model.LanguageModel;
import dev.weir.local.bedrock.model.Pace;
import dev.weir.local.bedrock.model.PromptCache;
import dev.weir.local.bedrock.model.QueuedModel;
import dev.weir.local.bedrock.model.ScriptedModel;
import dev.weir.local.bedrock.s3.FileObjects;
import dev.weir.local.bedrock.sagemaker.Endpoints;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/**
 * The Bedrock and the SageMaker Runtime on loopback, as a process of their own: {@code --port N}
 * (0: any), {@code --weights FILE} (without it the small model is a labelled echo), {@code
 * --objects FOLDER} (where S3 objects are; a temporary one by default), {@code --detached} (do not
 * end when standard input does).
 *
 * <p>Prints {@code READY http://127.0.0.1:PORT} on standard output, everything else on standard
 * error. Ends on SIGTERM and when standard input ends, whatever native threads still run.
 */
public final class BedrockStandIn {
  private static final String SMALL_MODEL = "local.smollm2-135m-instruct";

  /** How many prompts wait for the small model before the next is throttled. */
  private static final int MAX_WAITING = 8;

  private BedrockStandIn() {}

  /** Runs the stand-in; ends the process with status 1 when it cannot start. */
  public static void main(String[] arguments) {
    PrintStream out = System.out;
    System.setOut(System.err);
    int status = 0;
    try {
      run(List.of(arguments), out);
    } catch (Exception failure) {
      System.err.println("ERROR: " + failure);
      status = 1;
    }
    Runtime.getRuntime().halt(status);
  }

  private static void run(List<String> options, PrintStream out) throws Exception {
    Pace pace = new Pace();
    BedrockServer server =
        new BedrockServer(
            Integer.parseInt(option(options, "--port", "0")),
            models(option(options, "--weights", ""), pace),
            new Embeddings(
                Map.of(
                    "local.minilm-l6-v2",
                    new MiniLm(),
                    "local.hash-embedding",
                    new HashEmbedder())),
            new PromptCache(Set.of("local.scripted", "us.local.scripted"), InstantSource.system()),
            pace,
            InstantSource.system(),
            BedrockStandIn::id,
            new BedrockServer.SageMaker(
                Endpoints.of("local.scripted", SMALL_MODEL),
                new FileObjects(objects(option(options, "--objects", ""))),
                new Random()));
    out.println("READY " + server.start());
    out.flush();
    if (options.contains("--detached")) {
      Thread.currentThread().join();
    }
    awaitEnd(System.in);
  }

  private static Path objects(String folder) throws IOException {
    return folder.isEmpty() ? Files.createTempDirectory("weir-objects") : Path.of(folder);
  }

  private static Map<String, LanguageModel> models(String weights, Pace pace) throws IOException {
    InstantSource clock = InstantSource.system();
    LanguageModel scripted = new ScriptedModel("Scripted answer:", pace, clock);
    LanguageModel echo = new ScriptedModel("[echo model: no weights]", pace, clock);
    return Map.of(
        "local.scripted",
        scripted,
        "us.local.scripted",
        scripted,
        "local.little",
        new ScriptedModel("Little answer:", pace, clock),
        "local.echo",
        echo,
        SMALL_MODEL,
        small(weights, echo, clock));
  }

  private static LanguageModel small(String weights, LanguageModel echo, InstantSource clock)
      throws IOException {
    if (weights.isEmpty()) {
      System.err.println(
          "WARNING: no weights, so " + SMALL_MODEL + " only echoes; local/weights fetches them");
      return echo;
    }
    return new QueuedModel(new GgufModel(Path.of(weights), clock, BedrockStandIn::id), MAX_WAITING);
  }

  private static String id() {
    return UUID.randomUUID().toString();
  }

  private static String option(List<String> options, String name, String otherwise) {
    int at = options.indexOf(name);
    return at >= 0 && at + 1 < options.size() ? options.get(at + 1) : otherwise;
  }

  private static void awaitEnd(InputStream in) throws IOException {
    byte[] ignored = new byte[256];
    while (in.read(ignored) >= 0) {
      // What is typed has no meaning; its end has.
    }
  }
}
