package dev.weir.remediation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.remedy.drift.CaptureLine;
import dev.weir.remedy.drift.Window;
import dev.weir.store.ObjectReader;
import dev.weir.store.ObjectReader.Entry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The files of SageMaker's data capture: one folder an hour, {@code
 * PREFIX/ENDPOINT/VARIANT/yyyy/MM/dd/HH}. Reads at most so many, spread evenly over the window, and
 * says how many it left out.
 */
final class CaptureFiles {

  static final int MOST_FILES = 500;

  /** Keys looked at in one hour. */
  private static final int MOST_KEYS = 10_000;

  private static final long LARGEST = 64L << 20;
  private static final long MOST_ROWS = 500_000;
  private static final Duration HOUR = Duration.ofHours(1);
  private static final DateTimeFormatter FOLDER =
      DateTimeFormatter.ofPattern("yyyy/MM/dd/HH/").withZone(ZoneOffset.UTC);

  private final ObjectReader objects;
  private final String prefix;

  /**
   * @param damaged lines that are none of a data capture
   */
  record Taken(int read, int leftOut, long lines, long damaged) {
    static final Taken NOTHING = new Taken(0, 0, 0, 0);
  }

  CaptureFiles(ObjectReader objects, String prefix) {
    this.objects = objects;
    this.prefix = prefix;
  }

  /**
   * Counts the requests of a window.
   *
   * @param order names of the columns by their place
   * @param hasTime whether another file may be read
   * @throws IOException when S3 refused or did not answer
   */
  Taken read(DriftHandler.Span span, List<String> order, Window window, BooleanSupplier hasTime)
      throws IOException {
    List<Entry> found = new ArrayList<>();
    for (Instant hour = span.from(); hour.isBefore(span.to()); hour = hour.plus(HOUR)) {
      String folder =
          String.join("/", prefix, span.endpoint(), span.variant(), FOLDER.format(hour));
      found.addAll(objects.list(folder, MOST_KEYS));
    }
    Count count = new Count(order, window);
    for (Entry file : spread(found)) {
      if (file.size() <= LARGEST && window.rows() < MOST_ROWS && hasTime.getAsBoolean()) {
        count.read(file.key());
      }
    }
    return new Taken(count.files, found.size() - count.files, count.lines, count.damaged);
  }

  private static List<Entry> spread(List<Entry> found) {
    if (found.size() <= MOST_FILES) {
      return found;
    }
    List<Entry> spread = new ArrayList<>();
    for (int i = 0; i < MOST_FILES; i++) {
      spread.add(found.get((int) ((long) i * found.size() / MOST_FILES)));
    }
    return spread;
  }

  private final class Count {
    private final List<String> order;
    private final Window window;
    private int files;
    private long lines;
    private long damaged;

    Count(List<String> order, Window window) {
      this.order = order;
      this.window = window;
    }

    void read(String key) throws IOException {
      files++;
      try (var in = new BufferedReader(new InputStreamReader(objects.open(key), UTF_8))) {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          if (!line.isBlank()) {
            lines++;
            add(line);
          }
        }
      }
    }

    private void add(String line) {
      try {
        CaptureLine captured = CaptureLine.read(line, order);
        captured.rows().forEach(window::add);
        if (captured.rows().isEmpty()) {
          window.addUnreadable();
        }
      } catch (IOException e) {
        damaged++;
      }
    }
  }
}
