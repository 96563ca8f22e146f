package dev.weir.remedy.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.remedy.drift.ColumnScore.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WindowTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final DriftRules RULES = DriftRules.DEFAULT;

  private final Simulation simulation = new Simulation(7, 1);

  private Baseline baseline(int features, Set<String> critical) {
    return baseline(simulation.rows(10_000, features), critical);
  }

  private static Baseline baseline(List<Map<String, String>> rows, Set<String> critical) {
    BaselineSample sample = new BaselineSample(new SplittableRandom(1));
    rows.forEach(sample::add);
    return sample.baseline("b1", NOW, List.of(), critical, Set.of());
  }

  private static Finding judged(Baseline baseline, List<Map<String, String>> rows) {
    Window window = new Window(baseline);
    rows.forEach(window::add);
    return Finding.of(window, RULES);
  }

  private static List<Map<String, String>> changed(
      List<Map<String, String>> rows, double share, UnaryOperator<Map<String, String>> change) {
    List<Map<String, String>> changed = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      changed.add(i < share * rows.size() ? change.apply(new TreeMap<>(rows.get(i))) : rows.get(i));
    }
    return changed;
  }

  private static Map<String, String> put(Map<String, String> row, String name, String value) {
    row.put(name, value);
    return row;
  }

  @Test
  void too_few_rows_are_no_data() {
    assertThat(judged(baseline(3, Set.of()), simulation.rows(999, 3, 5.0)))
        .isEqualTo(new Finding.TooFew(999, 1000));
  }

  @Test
  void fewer_than_500_rows_cannot_be_asked_for() {
    assertThatThrownBy(() -> new DriftRules(499, 0.1, 0.2, 0.1, 5, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("500");
  }

  @Test
  void what_has_not_changed_has_not_drifted() {
    var finding = (Finding.Compared) judged(baseline(20, Set.of()), simulation.rows(1000, 20));

    assertThat(finding.drifted()).isFalse();
    assertThat(finding.score().drifted()).isEmpty();
    assertThat(finding.score().warned()).isEmpty();
  }

  @Test
  void one_noisy_feature_of_twenty_is_no_drift() {
    var finding = (Finding.Compared) judged(baseline(20, Set.of()), simulation.rows(1000, 20, 2.0));

    assertThat(finding.drifted()).isFalse();
    assertThat(finding.score().drifted()).containsExactly("c0");
    assertThat(finding.score().psi()).isGreaterThan(1);
  }

  @Test
  void a_critical_feature_alone_is_a_drift() {
    var finding =
        (Finding.Compared) judged(baseline(20, Set.of("c0")), simulation.rows(1000, 20, 2.0));

    assertThat(finding.drifted()).isTrue();
  }

  @Test
  void a_tenth_of_the_features_is_a_drift() {
    var finding =
        (Finding.Compared) judged(baseline(20, Set.of()), simulation.rows(1000, 20, 2.0, 2.0));

    assertThat(finding.drifted()).isTrue();
    assertThat(finding.score().drifted()).containsExactlyInAnyOrder("c0", "c1");
  }

  @Test
  void a_model_that_answers_otherwise_has_drifted() {
    List<Map<String, String>> before =
        changed(simulation.rows(5000, 1), 1, row -> put(row, "out.c0", row.getOrDefault("c0", "")));
    List<Map<String, String>> after =
        changed(simulation.rows(1000, 1), 1, row -> put(row, "out.c0", "3"));

    var finding = (Finding.Compared) judged(baseline(before, Set.of()), after);

    assertThat(finding.score().drifted()).containsExactly("out.c0");
  }

  @Test
  void answers_are_not_judged_where_the_baseline_has_none() {
    List<Map<String, String>> answered =
        changed(simulation.rows(1000, 2), 1, row -> put(row, "out.c0", "1"));

    assertThat(judged(baseline(2, Set.of()), answered)).isInstanceOf(Finding.Compared.class);
  }

  @Test
  void a_warning_is_between_the_levels() {
    var finding = (Finding.Compared) judged(baseline(1, Set.of()), simulation.rows(20_000, 1, 0.4));

    assertThat(finding.score().columns().getFirst().level()).isEqualTo(Level.WARN);
    assertThat(finding.score().warned()).containsExactly("c0");
    assertThat(finding.drifted()).isFalse();
  }

  @Test
  void missing_extra_and_mistyped_columns_break_the_schema() {
    Baseline baseline = baseline(2, Set.of());
    List<Map<String, String>> rows = simulation.rows(1000, 2);

    assertThat(judged(baseline, changed(rows, 0.02, row -> without(row, "c1"))))
        .isEqualTo(new Finding.Broken(1000, List.of("missing column c1 in 20 rows")));
    assertThat(judged(baseline, changed(rows, 0.02, row -> put(row, "new", "1"))))
        .isEqualTo(new Finding.Broken(1000, List.of("extra column new in 20 rows")));
    assertThat(judged(baseline, changed(rows, 0.02, row -> put(row, "c0", "n/a"))))
        .isEqualTo(new Finding.Broken(1000, List.of("no number in column c0 in 20 rows")));
    assertThat(judged(baseline, changed(rows, 0.01, row -> put(row, "c0", "n/a"))))
        .isInstanceOf(Finding.Compared.class);
  }

  private static Map<String, String> without(Map<String, String> row, String name) {
    row.remove(name);
    return row;
  }

  @Test
  void unreadable_payloads_break_the_schema() {
    Window window = new Window(baseline(1, Set.of()));
    simulation.rows(1000, 1).forEach(window::add);
    IntStream.range(0, 20).forEach(_ -> window.addUnreadable());

    assertThat(Finding.of(window, RULES))
        .isEqualTo(new Finding.Broken(1020, List.of("unreadable payload in 20 rows")));
  }

  @Test
  void values_that_go_missing_are_an_incident_not_a_drift() {
    Baseline baseline = baseline(2, Set.of("c0"));
    List<Map<String, String>> rows = simulation.rows(1000, 2);

    assertThat(judged(baseline, changed(rows, 0.06, row -> put(row, "c0", ""))))
        .isEqualTo(new Finding.Broken(1000, List.of("column c0 lacks 60 values")));
    assertThat(judged(baseline, changed(rows, 0.04, row -> put(row, "c0", ""))))
        .isInstanceOf(Finding.Compared.class);
  }

  @Test
  void unseen_categories_are_an_incident_and_known_ones_in_other_shares_a_drift() {
    List<Map<String, String>> colours =
        IntStream.range(0, 2000).mapToObj(i -> Map.of("c", i % 4 == 0 ? "red" : "blue")).toList();
    Baseline baseline = baseline(colours, Set.of("c"));

    assertThat(judged(baseline, changed(colours, 0.06, row -> put(row, "c", "green"))))
        .isEqualTo(
            new Finding.Broken(2000, List.of("column c has 120 values unknown to the baseline")));
    var reddened =
        (Finding.Compared) judged(baseline, changed(colours, 0.5, row -> put(row, "c", "red")));
    assertThat(reddened.drifted()).isTrue();
    assertThat(reddened.score().columns().getFirst().ksP()).isEmpty();
  }

  @Test
  void numbers_with_few_values_are_compared_by_those() {
    List<Map<String, String>> flags =
        IntStream.range(0, 2000).mapToObj(i -> Map.of("c", i % 10 == 0 ? "1" : "0")).toList();
    Baseline baseline = baseline(flags, Set.of());

    var same = (Finding.Compared) judged(baseline, flags);
    var more = (Finding.Compared) judged(baseline, changed(flags, 0.5, row -> put(row, "c", "1")));

    assertThat(same.score().psi()).isEqualTo(0);
    assertThat(more.score().psi()).isGreaterThan(0.2);
  }

  @Test
  void columns_of_numbers_may_be_declared_categories() {
    BaselineSample sample = new BaselineSample(new SplittableRandom(1));
    IntStream.range(0, 600).forEach(i -> sample.add(Map.of("code", Integer.toString(i % 3))));

    Baseline baseline = sample.baseline("b1", NOW, List.of(), Set.of(), Set.of("code"));

    assertThat(baseline.columns().getFirst().distribution())
        .isEqualTo(
            new Distribution.Categories(List.of("0", "1", "2"), List.of(200L, 200L, 200L, 0L)));
  }

  @Test
  void a_baseline_needs_rows_values_and_the_columns_it_declares() {
    BaselineSample few = new BaselineSample(new SplittableRandom(1));
    IntStream.range(0, 499).forEach(_ -> few.add(Map.of("a", "1", "b", "")));
    assertThatThrownBy(() -> few.baseline("b", NOW, List.of(), Set.of(), Set.of()))
        .hasMessage("a baseline needs 500 rows, not 499");
    few.add(Map.of("a", "1", "b", ""));
    assertThatThrownBy(() -> few.baseline("b", NOW, List.of(), Set.of(), Set.of()))
        .hasMessage("the column b has no value");
    assertThatThrownBy(() -> few.baseline("b", NOW, List.of(), Set.of("z"), Set.of()))
        .hasMessage("there is no column z");
  }

  @Test
  void a_long_data_set_is_drawn_from_evenly() {
    BaselineSample sample = new BaselineSample(new SplittableRandom(5));
    IntStream.range(0, 50_000).forEach(i -> sample.add(Map.of("half", i < 25_000 ? "a" : "b")));

    Baseline baseline = sample.baseline("b", NOW, List.of(), Set.of(), Set.of());

    assertThat(sample.seen()).isEqualTo(50_000);
    assertThat(baseline.rows()).isEqualTo(BaselineSample.SIZE);
    // Five standard deviations of a draw without replacement.
    assertThat(baseline.columns().getFirst().distribution().counts().getFirst())
        .isBetween(5000L, 5000L + 5 * 45);
  }

  @Test
  void memory_does_not_grow_with_unheard_of_columns() {
    Window window = new Window(baseline(1, Set.of()));
    for (int i = 0; i < 2000; i++) {
      Map<String, String> row = new HashMap<>(Map.of("c0", "0"));
      row.put("x" + i, "1");
      window.add(row);
    }

    assertThat(window.incidents()).hasSize(20);
  }
}
