package dev.weir.route;

import dev.weir.ledger.Price;
import java.time.Duration;

/**
 * A model of the catalog.
 *
 * @param id the name clients use
 * @param target Bedrock model id, inference profile id or ARN
 * @param createdSeconds epoch seconds, as {@code GET /v1/models} shows it
 * @param contextTokens prompt and completion together
 * @param maxOutputTokens the most the model can write
 * @param defaultOutputTokens the output cap when the client names none
 */
public record Model(
    String id,
    String target,
    String ownedBy,
    long createdSeconds,
    long contextTokens,
    long maxOutputTokens,
    long defaultOutputTokens,
    boolean images,
    boolean tools,
    Price price,
    CachePolicy cache) {

  /** When answers of this model may be kept. */
  public record CachePolicy(Mode mode, Duration timeToLive) {

    /** Which requests are looked up. */
    public enum Mode {
      OFF,
      /** Only requests that ask for {@code temperature: 0}. */
      DETERMINISTIC,
      ALWAYS
    }
  }
}
