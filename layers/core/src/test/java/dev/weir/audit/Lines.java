package dev.weir.audit;

import dev.weir.telemetry.Log;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;

/** A log to read. */
final class Lines {

  static final Log SILENT =
      new Log(
          new PrintStream(PrintStream.nullOutputStream()), InstantSource.system(), "", Map.of());

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  Log log() {
    return new Log(
        new PrintStream(bytes, true), InstantSource.system(), "Weir", Map.of("environment", "dev"));
  }

  String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
