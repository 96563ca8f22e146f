package dev.weir.guard;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.hash.Sha256;
import dev.weir.ledger.PriceBook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one guard set's declaration. */
final class GuardSetReader {

  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,31}");
  private static final int VERSION_DIGITS = 12;
  private static final List<String> ON_ERROR = List.of("closed", "open");

  private GuardSetReader() {}

  static GuardSet read(JsonNode row, PriceBook prices) {
    String id = row.path("id").asText();
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "guards.json: id must match %s, not '%s'".formatted(ID, id));
    }
    Declaration set = new Declaration(row, "guards.json: " + id);
    set.only(
        Set.of("id", "input", "output", "onError", "windowCharacters", "phoneRegions", "bedrock"));
    List<String> regions = set.texts("phoneRegions", List.of(Locale.getISOCountries()));
    LocalRules input = rules(set, Direction.INPUT, regions);
    LocalRules output = rules(set, Direction.OUTPUT, regions);
    Optional<BedrockPolicy> bedrock =
        set.has("bedrock") ? Optional.of(bedrock(set.object("bedrock"), prices)) : Optional.empty();
    return new GuardSet(
        id,
        version(row + input.definition() + output.definition()),
        input,
        output,
        onError(set),
        set.number("windowCharacters", 1_000, 500, 20_000),
        bedrock);
  }

  private static LocalRules rules(Declaration set, Direction direction, List<String> regions) {
    if (!set.has(direction.text())) {
      return new LocalRules(List.of());
    }
    Declaration declared = set.object(direction.text());
    List<String> known =
        Arrays.stream(Rule.values()).filter(rule -> rule.looks(direction)).map(Rule::text).toList();
    declared.only(Set.copyOf(known));
    List<LocalRules.Armed> armed = new ArrayList<>();
    for (Rule rule : Rule.values()) {
      if (declared.has(rule.text())) {
        String action = declared.oneOf(rule.text(), rule.actionNames());
        armed.add(
            new LocalRules.Armed(
                rule.text(),
                Action.valueOf(action.toUpperCase(Locale.ROOT)),
                rule.detectors(regions)));
      }
    }
    return new LocalRules(armed);
  }

  private static BedrockPolicy bedrock(Declaration row, PriceBook prices) {
    row.only(Set.of("input", "output", "onError", "timeoutMillis", "price"));
    return new BedrockPolicy(
        row.flag("input"),
        row.flag("output"),
        onError(row),
        Duration.ofMillis(row.number("timeoutMillis", 5_000, 100, 30_000)),
        GuardBook.price(prices, row.text("price"), row.where()));
  }

  private static OnError onError(Declaration row) {
    return OnError.valueOf(row.oneOf("onError", "closed", ON_ERROR).toUpperCase(Locale.ROOT));
  }

  private static String version(String declaration) {
    return Sha256.hex(declaration).substring(0, VERSION_DIGITS);
  }
}
