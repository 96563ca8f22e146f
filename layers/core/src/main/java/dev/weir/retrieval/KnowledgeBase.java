package dev.weir.retrieval;

import dev.weir.hash.Sha256;
import dev.weir.ledger.Cost;
import java.time.Duration;
import java.util.Optional;

/**
 * A model's knowledge base and how far it may go (Bedrock Agent Runtime API, Retrieve).
 *
 * @param id of the knowledge base, letters and digits, 1 to 10
 * @param results passages asked for, 1 to 100
 * @param minScore passages below are left out
 * @param maxTokens the most that passages may add to a prompt, 1 or more
 * @param timeout after which the answer is given without, above zero
 * @param isRequired whether a call is refused rather than answered without
 * @param permission who may see what; empty where every tenant may see everything
 * @param perQuery what one query costs
 */
public record KnowledgeBase(
    String id,
    int results,
    double minScore,
    long maxTokens,
    Duration timeout,
    boolean isRequired,
    Optional<Permission> permission,
    Cost perQuery) {

  /**
   * Documents belong to who their metadata name.
   *
   * @param attribute the key of the metadata that holds a tenant's id
   * @param everyone the value that stands for every tenant
   */
  public record Permission(String attribute, Optional<String> everyone) {

    /** As the ledger names what a tenant was let see. */
    public String of(String tenantId) {
      return attribute + "=" + tenantId + everyone.map(value -> "|" + value).orElse("");
    }
  }

  /** Changes whenever the same question may find something else because this was declared anew. */
  public String version() {
    return id + "@" + Sha256.hex(toString()).substring(0, 12);
  }
}
