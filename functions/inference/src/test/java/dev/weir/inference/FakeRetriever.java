package dev.weir.inference;

import dev.weir.retrieval.KnowledgeBase;
import dev.weir.retrieval.Passage;
import dev.weir.retrieval.Retriever;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Finds what it is told to find, and remembers what it was asked. */
final class FakeRetriever implements Retriever {

  /** What it was asked. */
  record Asked(KnowledgeBase base, String question, String tenantId, Duration timeout) {}

  final List<Asked> asked = new CopyOnWriteArrayList<>();
  Found found = new Found.Passages(new ArrayList<>());

  void finds(Passage... passages) {
    found = new Found.Passages(List.of(passages));
  }

  @Override
  public Found retrieve(KnowledgeBase base, String question, String tenantId, Duration timeout) {
    asked.add(new Asked(base, question, tenantId, timeout));
    return found;
  }
}
