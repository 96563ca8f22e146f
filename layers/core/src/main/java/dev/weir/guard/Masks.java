package dev.weir.guard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Texts that a Bedrock guardrail wants masked, wherever they stand.
 *
 * @param placeholders what takes the place of each
 */
public record Masks(Map<String, String> placeholders) {

  public static final Masks NONE = new Masks(Map.of());

  private record Place(int start, int end, String placeholder) {}

  /** The text with all of them masked. */
  public String apply(String text) {
    return text(text, places(text), text.length());
  }

  /** As {@link #apply}, as a verdict. */
  public Verdict judge(String text) {
    String masked = apply(text);
    return masked.equals(text)
        ? new Verdict.Allowed(text)
        : new Verdict.Masked(masked, Set.of("bedrock"));
  }

  /** Whether any of them stands in the text. */
  public boolean touch(String text) {
    return !places(text).isEmpty();
  }

  /** The last place at or before {@code end} that is inside none of them. */
  public int whole(String text, int end) {
    int whole = end;
    List<Place> places = places(text);
    for (int i = places.size() - 1; i >= 0; i--) {
      if (places.get(i).start() < whole && places.get(i).end() > whole) {
        whole = places.get(i).start();
      }
    }
    return whole;
  }

  private List<Place> places(String text) {
    List<Place> all = new ArrayList<>();
    placeholders.forEach((found, placeholder) -> {
      for (int at = text.indexOf(found); at >= 0; at = text.indexOf(found, at + found.length())) {
        all.add(new Place(at, at + found.length(), placeholder));
      }
    });
    all.sort(
        Comparator.comparingInt(Place::start).thenComparing(Place::end, Comparator.reverseOrder()));
    List<Place> places = new ArrayList<>();
    int end = 0;
    for (Place place : all) {
      if (place.start() >= end) {
        places.add(place);
        end = place.end();
      } else if (place.end() > end) { // overlapping: one longer place
        Place last = places.removeLast();
        places.add(new Place(last.start(), place.end(), last.placeholder()));
        end = place.end();
      }
    }
    return places;
  }

  private static String text(String text, List<Place> places, int end) {
    StringBuilder masked = new StringBuilder();
    int at = 0;
    for (Place place : places) {
      masked.append(text, at, place.start()).append(place.placeholder());
      at = place.end();
    }
    return masked.append(text, at, end).toString();
  }
}
