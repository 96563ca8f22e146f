package dev.weir.remedy.approval;

import java.time.Instant;

/**
 * What somebody has decided.
 *
 * @param by the person's name, or the principal of one whom IAM knows
 * @param comment empty where there is none
 */
public record Decision(Verdict verdict, String by, String comment, Instant at) {

  /** Yes or no. */
  public enum Verdict {
    APPROVE,
    DENY
  }
}
