package dev.weir.retrieval;

import java.time.Duration;
import java.util.List;

/** Finds passages in a knowledge base. One attempt, bounded in time. Thread-safe. */
public interface Retriever {

  /** The longest question that Retrieve takes, in characters. */
  int LONGEST_QUESTION = 1_000;

  /** What was found. */
  sealed interface Found {

    record Passages(List<Passage> passages) implements Found {}

    /**
     * Nothing, because it failed.
     *
     * @param detail an exception's name, never a text
     * @param hasRun whether the query may be billed
     * @param breakerPoints how much it counts against the knowledge base; 0 where the question or
     *     its sender is at fault
     */
    record Failed(String detail, boolean hasRun, int breakerPoints) implements Found {}
  }

  /**
   * Asks one question.
   *
   * @param question 1 to {@link #LONGEST_QUESTION} characters
   * @param tenantId whose documents may be seen, where the knowledge base tells them apart
   */
  Found retrieve(KnowledgeBase base, String question, String tenantId, Duration timeout);
}
