package dev.weir.ledger;

import java.util.List;

/**
 * What the answer of one request was grounded in.
 *
 * @param knowledgeBase by {@code id@version}
 * @param outcome {@code used}, {@code none} or {@code skipped}, and why
 * @param permission what the tenant was let see, such as {@code tenant=acme|public}; empty where
 *     everything is for everyone
 * @param documents what went into the prompt, best first
 * @param millis how long it took
 * @param cost what the query cost; part of the row's cost
 */
public record RetrievalMark(
    String knowledgeBase,
    String outcome,
    String permission,
    List<Document> documents,
    long millis,
    Cost cost) {

  /** A document that a passage was taken from. */
  public record Document(String id, double score) {}
}
