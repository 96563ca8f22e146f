package dev.weir.audit;

/** Keeps what was decided. Never throws for want of a store. Thread-safe. */
public interface AuditLog extends AutoCloseable {

  /** What became of an entry. */
  sealed interface Recorded {

    /**
     * It is in the chain.
     *
     * @param seq its place in the segment
     * @param hash its digest
     * @param hasRow whether its row is with it, among those of its day
     */
    record Written(String segment, long seq, String hash, boolean hasRow) implements Recorded {}

    /** It could not be written; it is tried again with the next entry of its chain. */
    record Waiting() implements Recorded {}

    /** Nothing is audited here. */
    record Off() implements Recorded {}
  }

  /** Appends a decision to its chain. */
  Recorded record(AuditEntry entry);

  /**
   * Counts a refusal that gets no entry of its own, so that a storm of refusals writes at most one
   * entry a minute.
   *
   * @param code the error's code
   */
  void refused(String chain, String code);

  /** Writes what still waits, and seals what was opened here. */
  @Override
  void close();

  /** Audits nothing. */
  AuditLog OFF =
      new AuditLog() {
        @Override
        public Recorded record(AuditEntry entry) {
          return new Recorded.Off();
        }

        @Override
        public void refused(String chain, String code) {}

        @Override
        public void close() {}
      };
}
