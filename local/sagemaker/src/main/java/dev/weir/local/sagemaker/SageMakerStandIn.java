package dev.weir.local.sagemaker;

import dev.weir.local.time.RealScheduler;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.List;

/**
 * A world on loopback as a process of its own: {@code --port N} (0: any), {@code --pace X} (how
 * much longer than usual everything takes), {@code --account ID}, {@code --region NAME}, {@code
 * --seed N}.
 *
 * <p>Prints {@code READY http://127.0.0.1:PORT} on standard output, then each event that the
 * services send to EventBridge's default bus as one line of JSON. Everything else is on standard
 * error. Ends when standard input ends.
 */
public final class SageMakerStandIn {
  private SageMakerStandIn() {}

  /** Runs the stand-in; ends the process with status 1 when it cannot start. */
  public static void main(String[] arguments) {
    PrintStream out = System.out;
    System.setOut(System.err);
    int status = 0;
    try {
      run(List.of(arguments), System.in, out);
    } catch (IOException | RuntimeException failure) {
      System.err.println("ERROR: " + failure);
      status = 1;
    }
    Runtime.getRuntime().halt(status);
  }

  static void run(List<String> options, InputStream in, PrintStream out) throws IOException {
    var settings =
        new World.Settings(
            Long.parseLong(option(options, "--seed", "1")),
            option(options, "--region", "us-east-1"),
            option(options, "--account", "123456789012"),
            Double.parseDouble(option(options, "--pace", "1")));
    try (var time = new RealScheduler(InstantSource.system());
        var server =
            new WorldServer(
                new World(settings, time, event -> line(out, event.toString())),
                Integer.parseInt(option(options, "--port", "0")))) {
      line(out, "READY " + server.url());
      in.transferTo(PrintStream.nullOutputStream());
    }
  }

  private static void line(PrintStream out, String text) {
    out.println(text);
    out.flush();
  }

  private static String option(List<String> options, String name, String otherwise) {
    int at = options.indexOf(name);
    return at >= 0 && at + 1 < options.size() ? options.get(at + 1) : otherwise;
  }
}
