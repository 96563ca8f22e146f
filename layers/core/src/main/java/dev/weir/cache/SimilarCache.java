package dev.weir.cache;

import dev.weir.route.Similar;
import dev.weir.store.NeighbourTable;
import dev.weir.store.ResponseTable;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Finds the kept answer of a question that was asked in other words. What cannot be read or written
 * is a miss. Thread-safe.
 */
public final class SimilarCache {

  private final NeighbourTable neighbours;
  private final ResponseTable responses;
  private final InstantSource clock;
  private final Log log;

  /** An answer of a similar question, and how similar: the cosine of their vectors. */
  public record Match(Lookup.Hit answer, double cosine) {}

  public SimilarCache(
      NeighbourTable neighbours, ResponseTable responses, InstantSource clock, Log log) {
    this.neighbours = neighbours;
    this.responses = responses;
    this.clock = clock;
    this.log = log;
  }

  /**
   * Looks for an answer, in one read and, where there is a similar question, one more.
   *
   * @param vector of the question
   */
  public Optional<Match> find(SimilarQuestion question, Similar similar, float[] vector) {
    try {
      return Neighbours.read(neighbours.read(question.partition()).value())
          .nearest(Quantised.of(vector), question.slots(), similar.threshold(), clock.millis())
          .flatMap(near -> answer(question, near));
    } catch (RuntimeException e) {
      log.write(Line.warn("similar_unreadable").with(e));
      return Optional.empty();
    }
  }

  private Optional<Match> answer(SimilarQuestion question, Neighbours.Near near) {
    return responses
        .read(question.tenantId() + "#" + near.neighbour().answer())
        .filter(item ->
            item.state() == ResponseTable.State.FILLED && item.expiresMillis() > clock.millis())
        .map(item -> new Match(new Lookup.Hit(item.value(), item.atMillis()), near.cosine()));
  }

  /**
   * Remembers a question whose answer has been kept. Where another is being remembered at the same
   * time, this one is not.
   *
   * @param answer key of the kept answer
   */
  public void remember(SimilarQuestion question, Similar similar, float[] vector, CacheKey answer) {
    long now = clock.millis();
    long until = now + similar.timeToLive().toMillis();
    try {
      NeighbourTable.Row row = neighbours.read(question.partition());
      Neighbours more =
          Neighbours.read(row.value())
              .with(
                  new Neighbours.Neighbour(
                      Quantised.of(vector), question.slots(), answer.digest(), until),
                  now);
      neighbours.swap(question.partition(), row.version(), more.bytes(), Math.ceilDiv(until, 1000));
    } catch (RuntimeException e) {
      log.write(Line.warn("similar_not_remembered").with(e));
    }
  }
}
