package dev.weir.tenant;

import java.util.Locale;

/** How a tenant's prompts are counted before the model has counted them. */
public enum EstimateMode {
  /** A tokenizer's count plus a margin; may under-count. */
  TOKENS,
  /** UTF-8 bytes: an upper bound that never under-counts. */
  BYTES;

  /** As the tenant's item holds it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
