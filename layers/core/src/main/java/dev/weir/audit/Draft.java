package dev.weir.audit;

import java.util.Optional;

/**
 * What is to become a block.
 *
 * @param row kept in the same item, if the segment is of its day
 */
record Draft(String body, Optional<AuditedRow> row) {

  static Draft of(String body) {
    return new Draft(body, Optional.empty());
  }
}
