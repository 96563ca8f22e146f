package dev.weir.route;

import dev.weir.api.ChatRequest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Asks the small model again and looks whether it says the same: a model that guesses, guesses
 * differently each time (Wang et al. 2022, "Self-Consistency Improves Chain of Thought Reasoning").
 *
 * @param samples answers compared, the first included; 2 or more
 * @param agreement the least agreement, 0 to 1, at which the first answer stands
 */
public record SelfConsistency(int samples, double agreement) implements Signal.Asking {

  /** At 0 a model would repeat itself whatever it knows. */
  private static final double TEMPERATURE = 0.7;

  private static final Pattern SEPARATORS = Pattern.compile("[^\\p{L}\\p{N}]+");

  @Override
  public String name() {
    return "self-consistency";
  }

  /** How a sample is asked for. */
  public ChatRequest sample(ChatRequest request) {
    return request.at(Math.max(TEMPERATURE, request.temperature().orElse(1)));
  }

  /**
   * Whether the answers differ too much.
   *
   * @param others the other answers, one or more
   */
  public boolean fires(String answer, List<String> others) {
    Set<String> words = words(answer);
    return others.stream().mapToDouble(other -> alike(words, words(other))).average().orElse(0)
        < agreement;
  }

  /** Words in common, of all words (Jaccard); 1 for two texts without any. */
  private static double alike(Set<String> one, Set<String> other) {
    Set<String> common = new HashSet<>(one);
    common.retainAll(other);
    int all = one.size() + other.size() - common.size();
    return all == 0 ? 1 : (double) common.size() / all;
  }

  private static Set<String> words(String text) {
    return Arrays.stream(SEPARATORS.split(text.toLowerCase(Locale.ROOT)))
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toSet());
  }
}
