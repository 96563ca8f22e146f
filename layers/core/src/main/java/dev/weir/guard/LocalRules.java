package dev.weir.guard;

import dev.weir.guard.Detector.Scan;
import dev.weir.guard.Detector.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** One guard set's local rules for one direction. Immutable. */
final class LocalRules {

  /** No finding that counts is longer: a rule looks at less at once. */
  static final int LONGEST = 10_000;

  private final List<Armed> rules;

  /** A rule's detectors and what becomes of what they find. */
  record Armed(String rule, Action action, List<Detector> detectors) {}

  /** Found and decided. */
  private record Finding(String rule, Action action, int start, int end, String mask) {}

  /**
   * @param end how far the text is decided and {@code verdict} goes
   */
  record Judged(Verdict verdict, int end) {}

  LocalRules(List<Armed> rules) {
    this.rules = List.copyOf(rules);
  }

  boolean isEmpty() {
    return rules.isEmpty();
  }

  /** Judges a whole text. */
  Verdict judge(String text) {
    return text.isEmpty() ? new Verdict.Allowed(text) : judge(text, 0, true).verdict();
  }

  /**
   * Judges as much of a text as can be.
   *
   * @param from where to begin; what stands before it is context
   * @param isEnd whether nothing follows
   */
  Judged judge(String text, int from, boolean isEnd) {
    List<Finding> findings = new ArrayList<>();
    int end = find(text, from, isEnd, findings);
    int decided = isEnd ? end : whole(text, from, end, findings);
    return new Judged(verdict(text, from, decided, findings), decided);
  }

  /** Finds everything, in order, and says how far the text is decided. */
  private int find(String text, int from, boolean isEnd, List<Finding> findings) {
    int end = text.length();
    for (Armed armed : rules) {
      for (Detector detector : armed.detectors()) {
        Scan scan = detector.scan(text, from, isEnd);
        end = Math.min(end, scan.pending());
        for (Span span : scan.spans()) {
          findings.add(
              new Finding(armed.rule(), armed.action(), span.start(), span.end(), span.mask()));
        }
      }
    }
    findings.sort(Comparator.comparingInt(Finding::start).thenComparing(Finding::action));
    return end;
  }

  /**
   * The rule that finds something which begins in one of these texts and ends in a later one.
   *
   * @param texts none empty
   * @param between what stands between two of them
   */
  Optional<String> across(List<String> texts, String between) {
    StringBuilder all = new StringBuilder();
    NavigableSet<Integer> seams = new TreeSet<>();
    for (String text : texts) {
      if (!all.isEmpty()) {
        seams.add(all.length());
        all.append(between);
      }
      all.append(ends(text));
    }
    List<Finding> findings = new ArrayList<>();
    if (!seams.isEmpty()) {
      find(all.toString(), 0, true, findings);
    }
    return findings.stream()
        .filter(finding -> isAcross(finding, seams, between.length()))
        .map(Finding::rule)
        .findFirst();
  }

  private static boolean isAcross(Finding finding, NavigableSet<Integer> seams, int width) {
    return Optional.ofNullable(seams.higher(finding.start()))
        .filter(seam -> seam + width < finding.end())
        .isPresent();
  }

  /** All of a text that can be part of something beyond it. */
  private static String ends(String text) {
    int length = text.length();
    return length <= 2 * LONGEST
        ? text
        : text.substring(0, LONGEST) + text.substring(length - LONGEST);
  }

  /** The last place at or before {@code end} that is inside no finding and no code point. */
  private static int whole(String text, int from, int end, List<Finding> findings) {
    int whole = end;
    for (int i = findings.size() - 1; i >= 0; i--) {
      Finding finding = findings.get(i);
      if (finding.start() < whole && finding.end() > whole) {
        whole = finding.start();
        i = findings.size(); // an earlier one may now reach beyond it
      }
    }
    boolean isSplit =
        whole > from && whole == text.length() && Character.isHighSurrogate(text.charAt(whole - 1));
    return isSplit ? whole - 1 : whole;
  }

  private static Verdict verdict(String text, int from, int end, List<Finding> findings) {
    StringBuilder passed = new StringBuilder();
    Set<String> masked = new LinkedHashSet<>();
    int at = from;
    for (int i = 0; i < findings.size() && findings.get(i).start() < end; ) {
      Finding first = findings.get(i);
      passed.append(text, at, first.start());
      at = first.end();
      for (; i < findings.size() && findings.get(i).start() < at; i++) {
        Finding finding = findings.get(i);
        if (finding.action() == Action.BLOCK) {
          return new Verdict.Blocked(passed.toString(), finding.rule());
        }
        masked.add(finding.rule());
        at = Math.max(at, finding.end());
      }
      passed.append(first.mask());
    }
    if (at < end) {
      passed.append(text, at, end);
    }
    return masked.isEmpty()
        ? new Verdict.Allowed(passed.toString())
        : new Verdict.Masked(passed.toString(), masked);
  }

  /** What it looks for and does, in full. */
  String definition() {
    StringBuilder all = new StringBuilder();
    for (Armed armed : rules) {
      all.append(armed.rule()).append('=').append(armed.action().text()).append('\n');
      armed.detectors().forEach(detector -> all.append(detector.definition()).append('\n'));
    }
    return all.toString();
  }
}
