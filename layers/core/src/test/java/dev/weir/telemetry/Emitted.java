package dev.weir.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Leaves real lines of the log for {@code .ci/checks/alarms}, which tries the template's alarms on
 * them: so an alarm on a metric that nothing writes is found.
 */
public final class Emitted {

  private static final Path FOLDER = Path.of("target/emitted");

  private Emitted() {}

  /**
   * Leaves the first line that counts a metric.
   *
   * @throws AssertionError if there is none
   */
  public static void keep(String metric, String lines) {
    String line =
        lines
            .lines()
            .filter(each -> each.contains("{\"Name\":\"" + metric + "\""))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no line counts " + metric + ":\n" + lines));
    try {
      Files.createDirectories(FOLDER);
      Files.writeString(FOLDER.resolve(metric + ".json"), line);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
