package dev.weir.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.weir.local.sagemaker.Reply;
import dev.weir.local.sagemaker.World;
import dev.weir.local.sagemaker.wire.Service;
import dev.weir.local.time.VirtualScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogMetricsTest {
  private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
  private static final String LINE =
      "{\"psi\":0.5,\"environment\":\"dev\",\"_aws\":{\"Timestamp\":1,\"CloudWatchMetrics\":[{\"Namespace\":\"Weir\",\"Dimensions\":[[\"environment\"]],\"Metrics\":[{\"Name\":\"psi\"}]}]}}";

  @TempDir Path logs;

  private final VirtualScheduler time = new VirtualScheduler(START, 1);
  private final World world = new World(new World.Settings(1), time, _ -> {});

  private void log(String text) throws IOException {
    Files.writeString(
        logs.resolve("DriftFunction.log"),
        text,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private double counted() {
    var request =
        JsonNodeFactory.instance
            .objectNode()
            .put("Namespace", "Weir")
            .put("MetricName", "psi")
            .put("StartTime", START.getEpochSecond())
            .put("EndTime", START.plus(Duration.ofHours(1)).getEpochSecond())
            .put("Period", 3600);
    request.putArray("Statistics").add("SampleCount");
    request.putArray("Dimensions").addObject().put("Name", "environment").put("Value", "dev");
    JsonNode points =
        ((Reply.Done) world.call("test", Service.CLOUDWATCH, "GetMetricStatistics", request))
            .result()
            .path("Datapoints");
    return points.path(0).path("SampleCount").asDouble();
  }

  @Test
  void each_whole_line_counts_once_whatever_stands_before_it() throws IOException {
    new LogMetrics(world, time, logs).begin();
    log("not json\nStarting handler threads." + LINE + "\n" + LINE);
    time.advance(Duration.ofMinutes(3));
    assertThat(counted()).isOne();

    log("\n");
    time.advance(Duration.ofMinutes(3));

    assertThat(counted()).isEqualTo(2);
  }

  @Test
  void a_line_that_is_none_of_ours_counts_for_nothing() throws IOException {
    new LogMetrics(world, time, logs).begin();
    log("a prompt with \"_aws\" in it\n{\"_aws\":\n" + LINE + "\n");

    time.advance(Duration.ofMinutes(1));

    assertThat(counted()).isOne();
  }
}
