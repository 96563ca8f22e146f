package dev.weir.remedy.drift;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The last windows of one variant.
 *
 * @param marks the earliest first
 */
public record History(List<Mark> marks) {

  /** Nothing was looked at yet. */
  public static final History NONE = new History(List.of());

  /**
   * What a window showed by itself.
   *
   * @param from when the window began, which is its identity
   * @param baseline id of the baseline it was compared with
   * @param psi the largest of a column; 0 where it could not be compared
   */
  public record Mark(Instant from, Instant to, String baseline, double psi, boolean drifted) {}

  public History {
    marks = List.copyOf(marks);
  }

  /**
   * With one more window, or with the same one judged anew; windows of another baseline are
   * forgotten, and of the others all but the last.
   */
  public History with(Mark mark, int windows) {
    List<Mark> all =
        Stream.concat(
                marks.stream()
                    .filter(each -> each.baseline().equals(mark.baseline()))
                    .filter(each -> !each.from().equals(mark.from())),
                Stream.of(mark))
            .sorted(Comparator.comparing(Mark::from))
            .toList();
    return new History(all.subList(Math.max(0, all.size() - windows), all.size()));
  }

  /** How many of these windows drifted. */
  public int drifted() {
    return (int) marks.stream().filter(Mark::drifted).count();
  }
}
