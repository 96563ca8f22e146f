package dev.weir.admission;

import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.LongPredicate;

/**
 * Requests and tokens of the recent past, as one image of a tenant's item shows them.
 *
 * <p>An admission at clock reading {@code now} is labelled {@code slot(now)} and counts everything
 * labelled {@code k = slot(now - W - M)} or later. With clocks within D of the truth and M = 2 D +
 * L, that covers every admission of the true last W. Counters only grow and a mark is written once,
 * so an old image can only make the limiter stricter. The proof is in {@code docs/limits.md}.
 *
 * @param netTokens tokens reserved ever minus every refund ever
 * @param refunds tokens given back, by the slot of the call they were reserved for
 */
record RollingWindow(
    Counter requests, Counter tokens, long netTokens, NavigableMap<Long, Long> refunds) {

  /** Requests that count against the limit. */
  long requestsUsed(long firstSlot) {
    return requests.used(firstSlot);
  }

  /** Tokens, settled or outstanding, that count against the limit. */
  long tokensUsed(long firstSlot) {
    return tokens.used(firstSlot) - refunded(firstSlot);
  }

  /** The greatest request count at which one more request may be admitted. */
  long requestBound(long firstSlot, long limit) {
    return requests.base(firstSlot) + limit - 1;
  }

  /** The greatest reserved-token count at which {@code asked} more may be admitted. */
  long tokenBound(long firstSlot, long limit, long asked) {
    return tokens.base(firstSlot) + refunded(firstSlot) + limit - asked;
  }

  /**
   * The same for the net count, which falls with refunds made since this image. It holds only while
   * no refund older than the window can have been made since (A, see {@link LimiterSettings}).
   */
  long netTokenBound(long firstSlot, long limit, long asked) {
    long refundedBefore = tokens.total() - netTokens - refunded(firstSlot);
    return tokens.base(firstSlot) - refundedBefore + limit - asked;
  }

  /** The first slot from which on one more request fits, if nobody else asks. */
  OptionalLong slotForRequest(long limit) {
    return slotFrom(slot -> requestsUsed(slot) + 1 <= limit);
  }

  /** The first slot from which on {@code asked} more tokens fit, if nobody else asks. */
  OptionalLong slotForTokens(long limit, long asked) {
    return slotFrom(slot -> tokensUsed(slot) + asked <= limit);
  }

  /** The slot from which on nothing counts any more, if nobody asks; absent: nothing does now. */
  OptionalLong slotWhenEmpty() {
    OptionalLong last = lastSlot();
    return last.isPresent() ? OptionalLong.of(last.getAsLong() + 1) : last;
  }

  /** The newest slot that has a mark. */
  OptionalLong lastSlot() {
    return requests.marks().isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(requests.marks().lastKey());
  }

  /** A refund counts only with its slot's mark: then the counted set holds the refunded call. */
  private long refunded(long firstSlot) {
    return refunds.tailMap(firstSlot, true).entrySet().stream()
        .filter(refund -> tokens.marks().containsKey(refund.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private OptionalLong slotFrom(LongPredicate fits) {
    TreeSet<Long> candidates = new TreeSet<>(requests.marks().keySet());
    slotWhenEmpty().ifPresent(candidates::add);
    OptionalLong first = OptionalLong.empty();
    for (long slot : candidates.descendingSet()) {
      if (!fits.test(slot)) {
        break;
      }
      first = OptionalLong.of(slot);
    }
    return first;
  }
}
