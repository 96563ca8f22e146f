package dev.weir.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.account.DynamoDb;
import dev.weir.local.lambda.Lambda;
import dev.weir.local.lambda.Outcome;
import dev.weir.local.sagemaker.World;
import dev.weir.local.time.Scheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;

/**
 * What endpoints are asked here: from the first time that somebody says how, each hour of the
 * world's clock a file as SageMaker's data capture writes it, and for training a data set alike.
 */
final class DemoDrift {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int ROWS = 1200;
  private static final DateTimeFormatter HOUR =
      DateTimeFormatter.ofPattern("yyyy/MM/dd/HH").withZone(ZoneOffset.UTC);

  private final World world;
  private final Scheduler time;
  private final Lambda lambda;
  private final DynamoDb database;
  private final Place place;
  private final Map<String, Double> shifts = new ConcurrentHashMap<>();

  /**
   * Where it is kept.
   *
   * @param bucket the folder of the bucket
   * @param table with the recipes
   */
  record Place(Path bucket, String table) {}

  DemoDrift(World world, Scheduler time, Lambda lambda, DynamoDb database, Place place) {
    this.world = world;
    this.time = time;
    this.lambda = lambda;
    this.database = database;
    this.place = place;
  }

  /**
   * From now on an endpoint is asked of things so many standard deviations away from what its
   * baseline was made of, which the first time is made; and there is a recipe that trains on such
   * data, whose challenger scores 0.91 and its champion 0.85.
   *
   * @throws IllegalArgumentException no baseline could be made
   */
  void shift(String endpoint, double deviations) {
    if (!shifts.containsKey(endpoint)) {
      train(endpoint, "before", 0);
      baseline(endpoint);
      captureHourly(endpoint);
    }
    train(endpoint, "now", deviations);
    recipe(endpoint);
    world.scores(
        endpoint + "-", JSON.objectNode().put("challenger:auc", 0.91).put("champion:auc", 0.85));
    shifts.put(endpoint, deviations);
  }

  private void captureHourly(String endpoint) {
    var hour = time.instant().truncatedTo(ChronoUnit.HOURS);
    var next = hour.plus(Duration.ofMinutes(61));
    time.after(
        Duration.between(time.instant(), next),
        () -> {
          capture(endpoint, hour);
          captureHourly(endpoint);
        });
  }

  private void capture(String endpoint, Instant hour) {
    var random = new SplittableRandom(hour.getEpochSecond());
    var shift = shifts.getOrDefault(endpoint, 0.0);
    var lines = new StringBuilder();
    for (int i = 0; i < ROWS; i++) {
      var line = JSON.objectNode();
      var data = line.putObject("captureData");
      data.putObject("endpointInput").put("data", row(random, shift)).put("encoding", "CSV");
      data.putObject("endpointOutput").put("data", "0.5").put("encoding", "CSV");
      lines.append(line).append('\n');
    }
    write(
        "datacapture/%s/AllTraffic/%s/a.jsonl".formatted(endpoint, HOUR.format(hour)),
        lines.toString());
  }

  private void train(String endpoint, String name, double shift) {
    var random = new SplittableRandom(endpoint.hashCode());
    var rows = new StringBuilder("age,income,score\n");
    for (int i = 0; i < 4 * ROWS; i++) {
      rows.append(row(random, shift)).append(",0.5\n");
    }
    write("training/%s/%s/part-0.csv".formatted(endpoint, name), rows.toString());
  }

  private static String row(SplittableRandom random, double shift) {
    return random.nextGaussian() + shift + "," + random.nextGaussian();
  }

  private void write(String key, String content) {
    try {
      var file = place.bucket().resolve(key);
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode source(String endpoint, String name) {
    var source =
        JSON.objectNode()
            .put("prefix", "training/" + endpoint + "/" + name + "/")
            .put("format", "csv")
            .put("header", true)
            .put("target", "score");
    source.putArray("columns").add("age").add("income");
    return source;
  }

  private void baseline(String endpoint) {
    var event = JSON.objectNode().put("endpoint", endpoint).put("id", "before");
    event.set("source", source(endpoint, "before"));
    try {
      var outcome =
          lambda
              .invoke("BaselineFunction", event.toString().getBytes(UTF_8), "")
              .await(Duration.ofMinutes(1));
      if (outcome instanceof Outcome.Failed(_, var message)) {
        throw new IllegalArgumentException(message);
      }
    } catch (TimeoutException e) {
      throw new IllegalArgumentException("no baseline within a minute", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void recipe(String endpoint) {
    var recipe =
        JSON.objectNode()
            .put("image", "000000000000.dkr.ecr.us-east-1.amazonaws.com/train:1")
            .put("holdout", "s3://drift-data/holdout/")
            .put("output", "s3://drift-data/models")
            .put("checkpoints", "s3://drift-data/checkpoints")
            .put("instanceType", "ml.m5.xlarge")
            .put("instanceCount", 1)
            .put("volumeGb", 30)
            .put("inputMode", "FastFile")
            .put("maxRuntimeSeconds", 3600)
            .put("spot", true)
            .put("maxWaitSeconds", 7200)
            .put("metric", "auc")
            .put("direction", "maximize")
            .put("minGain", 0.01)
            .put("tolerance", 0.02)
            .put("hourlyUsd", 0.23)
            .put("monthlyUsd", 20);
    recipe.set("source", source(endpoint, "now"));
    var trials = recipe.putArray("trials");
    trials.addObject().put("depth", "4");
    trials.addObject().put("depth", "6");
    var put = JSON.objectNode().put("TableName", place.table());
    var item = put.putObject("Item");
    item.putObject("pk").put("S", "RECIPE");
    item.putObject("sk").put("S", "endpoint/" + endpoint);
    item.putObject("recipe").put("S", recipe.toString());
    if (database.call("PutItem", put) instanceof DynamoDb.Answer.Refused(_, var message)) {
      throw new IllegalArgumentException(message);
    }
  }
}
