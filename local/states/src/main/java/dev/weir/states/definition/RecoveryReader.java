package dev.weir.states.definition;

import dev.weir.states.definition.State.Catcher;
import dev.weir.states.definition.State.Retrier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads Retry and Catch (developer guide, "Handling errors in Step Functions workflows"). */
final class RecoveryReader {
  private static final int LONGEST = 99_999_999;
  private static final int LONGEST_DELAY = 31_622_400;

  private static final Set<String> PREDEFINED =
      Set.of(
          "States.ALL",
          "States.BranchFailed",
          "States.DataLimitExceeded",
          "States.ExceedToleratedFailureThreshold",
          "States.HeartbeatTimeout",
          "States.IntrinsicFailure",
          "States.ItemReaderFailed",
          "States.NoChoiceMatched",
          "States.Permissions",
          "States.QueryEvaluationError",
          "States.ResultWriterFailed",
          "States.TaskFailed",
          "States.Timeout");

  private RecoveryReader() {}

  static List<Retrier> retriers(ObjectReader state) {
    List<Retrier> retriers = new ArrayList<>();
    List<ObjectReader> entries = state.objects("Retry");
    for (ObjectReader entry : entries) {
      List<String> errors = errors(entry, retriers.size() == entries.size() - 1);
      entry.text("Comment");
      int interval = entry.whole("IntervalSeconds", 1, LONGEST).orElse(1);
      Optional<Integer> longest = entry.whole("MaxDelaySeconds", 1, LONGEST_DELAY);
      if (longest.isPresent() && longest.get() <= interval) {
        entry.refuse("MaxDelaySeconds", "Must be more than IntervalSeconds");
      }
      retriers.add(
          new Retrier(
              errors,
              interval,
              entry.whole("MaxAttempts", 0, LONGEST).orElse(3),
              entry.number("BackoffRate", 1).orElse(2.0),
              longest,
              jitter(entry)));
      entry.end();
    }
    return retriers;
  }

  static List<Catcher> catchers(ObjectReader state) {
    List<Catcher> catchers = new ArrayList<>();
    List<ObjectReader> entries = state.objects("Catch");
    for (ObjectReader entry : entries) {
      List<String> errors = errors(entry, catchers.size() == entries.size() - 1);
      entry.text("Comment");
      catchers.add(
          new Catcher(
              errors,
              TemplateReader.shape(entry, TemplateReader.WITH_ERROR),
              entry.requiredText("Next")));
      entry.end();
    }
    return catchers;
  }

  private static boolean jitter(ObjectReader entry) {
    String strategy = entry.text("JitterStrategy").orElse("NONE");
    if (!strategy.equals("FULL") && !strategy.equals("NONE")) {
      entry.refuse("JitterStrategy", "Must be FULL or NONE");
    }
    return strategy.equals("FULL");
  }

  private static List<String> errors(ObjectReader entry, boolean last) {
    List<String> errors = entry.texts("ErrorEquals");
    if (errors.isEmpty()) {
      entry.refuse("ErrorEquals", "Must name at least one error");
    }
    if (errors.contains("States.ALL") && !(last && errors.size() == 1)) {
      entry.refuse("ErrorEquals", "States.ALL must stand alone and in the last entry");
    }
    for (String error : errors) {
      if (error.startsWith("States.") && !PREDEFINED.contains(error)) {
        entry.refuse("ErrorEquals", "'" + error + "' is no error that can be caught");
      }
    }
    return errors;
  }
}
