package dev.weir.admission;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * One item's part of one limit.
 *
 * <p>Cutting a limit T anew keeps it because, at the moment of the cut, no item uses more than its
 * cover, covers add up to T (or to what is in use, if that is more), and slices to T at most. Later
 * an item's use is at most its slice whenever it admits, and else no more than it was: never more
 * than its cover.
 *
 * @param slice what the item may admit up to from now on
 * @param cover the most it may be using when the cut takes effect; at least the slice
 */
record Share(long slice, long cover) {

  /** How far an item's slice of a limit that refills may be above the fair one: a quarter. */
  private static final int TOLERANCE = 4;

  /**
   * Cuts a limit anew: each item that takes part gets what it uses and an even part of what is
   * free; the home of a call gets at least what the call asks for, if that much is free.
   *
   * @param used what each item uses, those that no longer take part last
   * @param shards how many take part
   * @param refills whether use ages out or ends: then an item that uses far more than its fair part
   *     keeps only a little above it, so that others get what ages out
   */
  static List<Share> cut(
      long limit, List<Long> used, int shards, int home, long asked, boolean refills) {
    long inUse = used.stream().mapToLong(Long::longValue).sum();
    long free = Math.max(0, limit - inUse);
    long fair = limit / shards;
    long most = free == 0 ? fair : refills ? fair + fair / TOLERANCE : Long.MAX_VALUE;
    long[] parts = parts(free, shards, home, asked);
    List<Share> shares = new ArrayList<>();
    for (int index = 0; index < used.size(); index++) {
      long cover = used.get(index) + (index < shards ? parts[index] : 0);
      long ceiling = index < shards ? Math.max(most, parts[index]) : 0;
      shares.add(new Share(Math.min(cover, ceiling), cover));
    }
    return shares;
  }

  private static long[] parts(long free, int shards, int home, long asked) {
    long even = free / shards;
    long[] parts = LongStream.generate(() -> even).limit(shards).toArray();
    parts[home] += free % shards;
    long missing = Math.min(free, asked) - parts[home];
    for (int index = 0; index < shards && missing > 0; index++) {
      long given = index == home ? 0 : Math.min(missing, parts[index]);
      parts[index] -= given;
      parts[home] += given;
      missing -= given;
    }
    return parts;
  }
}
