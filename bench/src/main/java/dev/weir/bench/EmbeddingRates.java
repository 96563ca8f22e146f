package dev.weir.bench;

import static dev.weir.bench.Table.format;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** How many texts an environment of the embeddings function makes vectors of. */
final class EmbeddingRates implements Closeable {
  private static final int TEXTS = 16;
  private static final String WINDOW_MILLIS = "20";
  private static final String MODEL = "batched-unkept";

  private final ModelCalls models;
  private final FunctionEnvironment waiting;
  private final FunctionEnvironment eager;
  private final byte[] one;
  private final byte[] many;

  /**
   * What some calls took.
   *
   * @param texts of all of them
   * @param requests to the model
   */
  record Rate(long texts, long requests, double seconds, double cpuSeconds) {

    double perSecond() {
      return texts / seconds;
    }

    double perCpuSecond() {
      return texts / cpuSeconds;
    }

    double perRequest() {
      return (double) texts / requests;
    }
  }

  /**
   * @param store one that answers at once
   */
  EmbeddingRates(Stack stack, URI store, Events events) throws IOException {
    models = new ModelCalls(stack.bedrock());
    waiting =
        stack.embeddings(
            store, Environments.AT_ONCE, Map.of("WEIR_EMBEDDING_WINDOW_MS", WINDOW_MILLIS));
    eager = stack.embeddings(store, Environments.AT_ONCE, Map.of());
    waiting.restore();
    eager.restore();
    one = events.embeddings(MODEL, List.of(Events.QUESTION));
    many =
        events.embeddings(
            MODEL, IntStream.range(0, TEXTS).mapToObj(i -> i + ". " + Events.QUESTION).toList());
  }

  /** Measures, after as many calls to warm up. */
  void report(Table table, int calls) throws Exception {
    rate(eager, calls, many, TEXTS);
    rate(waiting, calls, one, 1);
    Rate whole = rate(eager, calls, many, TEXTS);
    Rate apart = rate(eager, calls, one, 1);
    Rate together = rate(waiting, calls, one, 1);
    table.row(
        "embeddings: texts a second, %d calls of %d at once".formatted(Environments.AT_ONCE, TEXTS),
        "",
        format("%.0f, %.0f per CPU-second", whole.perSecond(), whole.perCpuSecond()),
        "",
        "");
    table.row(
        "embeddings: texts per request to the model, %d calls of 1 (without: no window)"
            .formatted(Environments.AT_ONCE),
        format("%.1f", apart.perRequest()),
        format("%.1f", together.perRequest()),
        format("a window of %s ms", WINDOW_MILLIS),
        "");
  }

  private Rate rate(FunctionEnvironment environment, int calls, byte[] event, int texts)
      throws Exception {
    long requests = models.count();
    double cpu = environment.cpuSeconds();
    long begun = System.nanoTime();
    AtOnce.calls(environment, calls, Environments.AT_ONCE, event);
    return new Rate(
        (long) calls * texts,
        models.count() - requests,
        (System.nanoTime() - begun) / 1e9,
        environment.cpuSeconds() - cpu);
  }

  @Override
  public void close() throws IOException {
    waiting.close();
    eager.close();
  }
}
