package dev.weir.audit;

import java.util.Optional;

/**
 * What is to become a block.
 *
 * @param row kept in the same item
 */
record Draft(String body, Optional<AuditedRow> row) {

  static Draft of(String body) {
    return new Draft(body, Optional.empty());
  }
}
