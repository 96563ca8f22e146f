package dev.weir.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.local.sagemaker.World;
import dev.weir.local.time.Scheduler;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Takes what the functions count in their logs, in CloudWatch's embedded metric format, into the
 * world's metrics once a minute, so that alarms on it ring here too.
 */
final class LogMetrics {
  private static final Duration PERIOD = Duration.ofMinutes(1);

  private final World world;
  private final Scheduler time;
  private final Path logs;
  private final Map<Path, Long> read = new HashMap<>();
  private final ObjectMapper json = new ObjectMapper();

  /**
   * @param logs the folder with one {@code .log} of each function
   */
  LogMetrics(World world, Scheduler time, Path logs) {
    this.world = world;
    this.time = time;
    this.logs = logs;
  }

  void begin() {
    time.after(
        PERIOD,
        () -> {
          look();
          begin();
        });
  }

  private void look() {
    try (var files = Files.newDirectoryStream(logs, "*Function.log")) {
      for (var file : files) {
        read(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whole lines only: the rest is read when it is there. */
  private void read(Path file) throws IOException {
    var from = read.getOrDefault(file, 0L);
    if (Files.size(file) == from) {
      return;
    }
    try (var log = new RandomAccessFile(file.toFile(), "r")) {
      var bytes = new byte[(int) (log.length() - from)];
      log.seek(from);
      log.readFully(bytes);
      var text = new String(bytes, UTF_8);
      var whole = text.substring(0, text.lastIndexOf('\n') + 1);
      read.put(file, from + whole.getBytes(UTF_8).length);
      whole.lines().filter(line -> line.contains("\"_aws\"")).forEach(this::take);
    }
  }

  /** The runtime's own words may stand before it: they end without an end of line. */
  private void take(String line) {
    try {
      var counted = json.readTree(line.substring(Math.max(0, line.indexOf('{'))));
      for (var directive : counted.at("/_aws/CloudWatchMetrics")) {
        for (var names : directive.path("Dimensions")) {
          put(counted, directive, names);
        }
      }
    } catch (JsonProcessingException e) {
      // A line of somebody else's, which CloudWatch does not count either.
    }
  }

  private void put(JsonNode counted, JsonNode directive, JsonNode names) {
    var dimensions = new TreeMap<String, String>();
    names.forEach(name -> dimensions.put(name.asText(), counted.path(name.asText()).asText()));
    for (var metric : directive.path("Metrics")) {
      var name = metric.path("Name").asText();
      if (counted.path(name).isNumber()) {
        var namespace = directive.path("Namespace").asText();
        world.metric(namespace, name, dimensions, time.instant(), counted.path(name).asDouble());
      }
    }
  }
}
