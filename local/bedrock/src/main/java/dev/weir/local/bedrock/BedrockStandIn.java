package dev.weir.local.bedrock;

import dev.weir.local.bedrock.model.LanguageModel;
import dev.weir.local.bedrock.model.Pace;
import dev.weir.local.bedrock.model.ScriptedModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * The Bedrock Runtime on loopback, as a process of its own: {@code --port N} (0: any), {@code
 * --weights FILE} (without it the small model is a labelled echo), {@code --detached} (do not end
 * when standard input does).
 *
 * <p>Prints {@code READY http://127.0.0.1:PORT} on standard output, everything else on standard
 * error. Ends on SIGTERM and when standard input ends, whatever native threads still run.
 */
public final class BedrockStandIn {
  private BedrockStandIn() {}

  /** Starts the stand-in. */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = System.out;
    System.setOut(System.err);
    List<String> options = List.of(arguments);
    Pace pace = new Pace();
    BedrockServer server =
        new BedrockServer(
            Integer.parseInt(option(options, "--port", "0")),
            models(pace),
            pace,
            InstantSource.system());
    out.println("READY " + server.start());
    out.flush();
    if (!options.contains("--detached")) {
      awaitEnd(System.in);
      Runtime.getRuntime().halt(0);
    }
  }

  private static Map<String, LanguageModel> models(Pace pace) {
    InstantSource clock = InstantSource.system();
    LanguageModel echo = new ScriptedModel("[echo model: no weights]", pace, clock);
    return Map.of(
        "local.scripted",
        new ScriptedModel("Scripted answer:", pace, clock),
        "local.echo",
        echo,
        "local.smollm2-135m-instruct",
        echo);
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
