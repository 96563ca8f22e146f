package dev.weir.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.store.AuditTable;
import dev.weir.store.InMemoryDynamo;
import dev.weir.store.Item;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Many environments write; then somebody who may write the table does one thing to one item. */
class VerifierTest {

  private static final int SEEDS = 300;

  private final Time time = new Time();
  private final InMemoryDynamo dynamo = new InMemoryDynamo(time);
  private final AuditTable table = new AuditTable(dynamo, "audit");

  private Chains chains(Random random, Optional<Duration> retention) {
    return new Chains(
        table, retention, time, () -> Long.toString(random.nextLong(1L << 60), 36), random);
  }

  private SegmentedLog environment(Random random) {
    return new SegmentedLog(chains(random, Optional.empty()), time, Lines.SILENT);
  }

  private Report verify(String chain) {
    return verify(chain, Optional.empty());
  }

  private Report verify(String chain, Optional<Verifier.Witness> witness) {
    return new Verifier(table, time)
        .verify(chain, new Verifier.Span(Instant.EPOCH, Instant.MAX), witness, _ -> {});
  }

  /** Entries of two tenants by three environments over some hours; all sealed in the end. */
  private int history(Random random) {
    List<SegmentedLog> environments = new ArrayList<>();
    int written = 0;
    for (int i = 0; i < 3; i++) {
      environments.add(environment(random));
    }
    for (int i = 0; i < 5 + random.nextInt(40); i++) {
      boolean isOurs = random.nextInt(4) > 0;
      environments
          .get(random.nextInt(3))
          .record(Entries.of(isOurs ? "acme" : "other", "req_" + i, random));
      written += isOurs ? 1 : 0;
      time.pass(Duration.ofSeconds(random.nextInt(400)));
    }
    environments.forEach(SegmentedLog::close);
    chains(random, Optional.empty()).sealAbandoned("acme");
    return written;
  }

  @Test
  void an_untouched_chain_passes() {
    for (int seed = 0; seed < SEEDS; seed++) {
      VerifierTest world = new VerifierTest();
      int written = world.history(new Random(seed));
      Report report = world.verify("acme");

      assertThat(report.flaw()).as("seed %d", seed).isEmpty();
      assertThat(report.entries()).isEqualTo(written);
      assertThat(report.open()).isZero();
    }
  }

  @Test
  void any_change_to_any_item_is_found() {
    int changes = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      VerifierTest world = new VerifierTest();
      Random random = new Random(seed);
      if (world.history(random) == 0) {
        continue;
      }
      String what = world.tamper(random);
      assertThat(world.verify("acme").flaw()).as("seed %d: %s", seed, what).isPresent();
      changes++;
    }
    assertThat(changes).isGreaterThan(SEEDS * 9 / 10);
  }

  private String tamper(Random random) {
    List<List<String>> keys =
        dynamo.keys("audit").stream()
            .filter(key -> key.get(1).matches("[CH]#acme|acme#.*"))
            .sorted((one, other) -> one.toString().compareTo(other.toString()))
            .toList();
    List<String> key = keys.get(random.nextInt(keys.size()));
    String pk = key.get(1);
    Map<String, AttributeValue> item = new HashMap<>(dynamo.item("audit", pk, key.get(2)));
    String before = before(key);
    List<List<String>> strand =
        keys.stream().filter(one -> one.get(1).equals(pk) && before(one).equals(before)).toList();
    switch (random.nextInt(7)) {
      case 0 -> {
        delete(key);
        return "deleted " + key;
      }
      case 1 -> {
        strand.subList(strand.indexOf(key), strand.size()).forEach(this::delete);
        return "cut at " + key;
      }
      case 2 -> {
        strand.forEach(this::delete);
        return "deleted all of " + pk + " " + before;
      }
      case 3 -> {
        item.put("note", AttributeValue.fromS("x"));
        put(item);
        if (pk.startsWith("H#")) {
          delete(key);
        }
        return "added an attribute to " + key;
      }
      case 4 -> {
        List<String> other = strand.get((strand.indexOf(key) + 1) % strand.size());
        if (other.equals(key)) {
          delete(key);
          return "deleted the only one, " + key;
        }
        Map<String, AttributeValue> moved = new HashMap<>(dynamo.item("audit", pk, other.get(2)));
        AttributeValue here = item.get("sk");
        item.put("sk", moved.get("sk"));
        moved.put("sk", here);
        put(item);
        put(moved);
        return "swapped " + key + " and " + other;
      }
      case 5 -> {
        String last = strand.getLast().get(2);
        if (pk.startsWith("H#")) {
          delete(key);
        } else {
          long next = Long.parseLong(last.substring(before.length())) + 1;
          item.put("sk", AttributeValue.fromS(before + "%010d".formatted(next)));
          put(item);
        }
        return "repeated " + key + " behind " + last;
      }
      default -> {
        List<String> names =
            item.keySet().stream()
                .filter(name -> !List.of("pk", "sk").contains(name))
                .sorted()
                .toList();
        String name = names.get(random.nextInt(names.size()));
        item.computeIfPresent(name, (_, value) -> changed(value, random));
        put(item);
        return "edited " + name + " of " + key;
      }
    }
  }

  /** What a key has before its place: of an entry, the segment. */
  private static String before(List<String> key) {
    return key.get(2).substring(0, key.get(2).lastIndexOf('#') + 1);
  }

  private static AttributeValue changed(AttributeValue value, Random random) {
    if (value.n() != null) {
      return AttributeValue.fromN(Long.toString(Long.parseLong(value.n()) + 1));
    }
    if (value.hasM()) {
      return AttributeValue.fromM(Map.of("x", AttributeValue.fromN("1")));
    }
    if (value.s().isEmpty()) {
      return AttributeValue.fromS("0");
    }
    StringBuilder text = new StringBuilder(value.s());
    int at = random.nextInt(text.length());
    text.setCharAt(at, text.charAt(at) == '7' ? '8' : '7');
    return AttributeValue.fromS(text.toString());
  }

  private void put(Map<String, AttributeValue> item) {
    dynamo.putItem(put -> put.tableName("audit").item(item));
  }

  private void delete(List<String> key) {
    dynamo.deleteItem(delete ->
        delete
            .tableName("audit")
            .key(
                Map.of(
                    "pk", AttributeValue.fromS(key.get(1)),
                    "sk", AttributeValue.fromS(key.get(2)))));
  }

  private List<String> entry(int seq) {
    List<String> any =
        dynamo.keys("audit").stream()
            .filter(key -> key.get(1).startsWith("acme#"))
            .findFirst()
            .orElseThrow();
    return List.of("audit", any.get(1), before(any) + "%010d".formatted(seq));
  }

  private String strand() {
    String before = before(entry(0));
    return "E#acme#" + before.substring(0, before.length() - 1);
  }

  private void ofFour() {
    SegmentedLog log = environment(new Random(1));
    for (int i = 0; i < 4; i++) {
      log.record(Entries.of("acme", "req_" + i, new Random(i)));
    }
    log.close();
  }

  private void edit(List<String> key, String name, String value) {
    Map<String, AttributeValue> item = new HashMap<>(dynamo.item("audit", key.get(1), key.get(2)));
    item.put(name, AttributeValue.fromS(value));
    put(item);
  }

  @Test
  void the_first_bad_entry_is_named_with_its_reason() {
    ofFour();
    edit(entry(2), "body", "{}");
    assertThat(verify("acme").flaw())
        .contains(new Flaw(Flaw.Kind.EDITED, strand(), 2, "its digest is another"));

    delete(entry(1));
    assertThat(verify("acme").flaw())
        .contains(new Flaw(Flaw.Kind.MISSING, strand(), 1, "the next there is 2"));
    assertThat(verify("acme").entries()).isOne();

    edit(entry(2), "sk", entry(0).get(2));
    assertThat(verify("acme").flaw().orElseThrow().kind()).isEqualTo(Flaw.Kind.EDITED);
  }

  @Test
  void entries_that_changed_places_are_told_from_edited_ones() {
    ofFour();
    Map<String, AttributeValue> first =
        new HashMap<>(dynamo.item("audit", entry(1).get(1), entry(1).get(2)));
    Map<String, AttributeValue> second =
        new HashMap<>(dynamo.item("audit", entry(2).get(1), entry(2).get(2)));
    AttributeValue place = first.get("sk");
    first.put("sk", second.get("sk"));
    second.put("sk", place);
    put(first);
    put(second);

    assertThat(verify("acme").flaw())
        .contains(new Flaw(Flaw.Kind.REORDERED, strand(), 1, "it was written as number 2"));
  }

  @Test
  void an_entry_that_was_replaced_with_its_digest_does_not_fit_the_one_after_it() {
    ofFour();
    Map<String, AttributeValue> item = dynamo.item("audit", entry(1).get(1), entry(1).get(2));
    Block forged =
        Block.of(strand(), 1, new Item(item).text("prev"), "", "{\"trace\":\"req_1\"}", 0);
    edit(entry(1), "body", forged.body());
    edit(entry(1), "hash", forged.hash());

    assertThat(verify("acme").flaw().orElseThrow())
        .extracting(Flaw::kind, Flaw::seq)
        .containsExactly(Flaw.Kind.EDITED, 1L);
  }

  @Test
  void a_tail_that_was_cut_is_missing_from_where_it_was_cut() {
    ofFour();
    delete(entry(4));
    delete(entry(3));

    assertThat(verify("acme").flaw())
        .contains(new Flaw(Flaw.Kind.MISSING, strand(), 3, "there were 5"));
  }

  @Test
  void a_chain_that_never_was_is_not_sound() {
    assertThat(verify("nobody").flaw().orElseThrow().kind()).isEqualTo(Flaw.Kind.MISSING);
  }

  @Test
  void a_segment_left_open_is_named_until_it_is_sealed() {
    SegmentedLog log = environment(new Random(1));
    log.record(Entries.of("acme", "req_1", new Random(1)));
    assertThat(verify("acme").flaw()).isEmpty();
    assertThat(verify("acme").open()).isOne();

    time.pass(Chains.OVERDUE.plusSeconds(1));
    assertThat(verify("acme").flaw().orElseThrow().kind()).isEqualTo(Flaw.Kind.UNSEALED);
    assertThat(chains(new Random(2), Optional.empty()).sealAbandoned("acme")).isOne();
    assertThat(verify("acme").flaw()).isEmpty();
    assertThat(verify("acme").open()).isZero();
  }

  @Test
  void a_chain_written_anew_as_a_whole_is_found_by_a_witness_only() {
    ofFour();
    Report before = verify("acme");
    Verifier.Witness witness = new Verifier.Witness(before.links(), before.hash());
    assertThat(verify("acme", Optional.of(witness)).flaw()).isEmpty();

    dynamo.keys("audit").forEach(this::delete);
    SegmentedLog forger = environment(new Random(9));
    forger.record(Entries.of("acme", "req_0", new Random(5)));
    forger.close();

    assertThat(verify("acme").flaw()).isEmpty();
    assertThat(verify("acme", Optional.of(witness)).flaw().orElseThrow().why())
        .isEqualTo("it is not what the witness saw");
  }

  @Test
  void what_the_store_dropped_in_its_time_is_not_missed_and_nothing_else_may_go() {
    List<List<String>> links = expired();
    long now = time.instant().getEpochSecond();
    assertThat(verify("acme").flaw()).isEmpty();

    dynamo.keys("audit").stream()
        .filter(key -> {
          AttributeValue ttl = dynamo.item("audit", key.get(1), key.get(2)).get("ttl");
          return ttl != null && Long.parseLong(ttl.n()) < now;
        })
        .forEach(this::delete);
    assertThat(verify("acme").flaw()).isEmpty();
    assertThat(verify("acme").entries()).isOne();

    delete(links.get(4));
    assertThat(verify("acme").flaw().orElseThrow().kind()).isEqualTo(Flaw.Kind.MISSING);
  }

  /** Three segments with their links, all of which have expired but the last two. */
  private List<List<String>> expired() {
    Chains kept = chains(new Random(1), Optional.of(Duration.ofDays(1)));
    for (int day = 0; day < 3; day++) {
      SegmentedLog log = new SegmentedLog(kept, time, Lines.SILENT);
      log.record(Entries.of("acme", "req_" + day, new Random(day)));
      log.close();
      time.pass(Duration.ofHours(20));
    }
    return dynamo.keys("audit").stream()
        .filter(key -> key.get(1).equals("C#acme"))
        .sorted((one, other) -> one.get(2).compareTo(other.get(2)))
        .toList();
  }

  @Test
  void the_store_may_drop_what_has_expired_in_any_order() {
    List<List<String>> links = expired();
    for (int place : List.of(2, 1, 3)) {
      delete(links.get(place));
      assertThat(verify("acme").flaw()).as("after link %d", place).isEmpty();
    }

    delete(links.get(4));
    assertThat(verify("acme").flaw().orElseThrow().kind()).isEqualTo(Flaw.Kind.MISSING);
  }

  @Test
  void links_that_never_expire_may_stand_before_some_that_have_gone() {
    SegmentedLog forEver = environment(new Random(7));
    forEver.record(Entries.of("acme", "req_cli", new Random(7)));
    forEver.close();
    List<List<String>> links = expired();
    links.subList(2, 6).forEach(this::delete);

    assertThat(verify("acme").flaw()).isEmpty();
    time.pass(Duration.ofDays(2));
    links.subList(6, 8).forEach(this::delete);
    assertThat(verify("acme").flaw()).isEmpty();

    delete(links.get(0));
    assertThat(verify("acme").flaw().orElseThrow().kind()).isEqualTo(Flaw.Kind.MISSING);
  }

  @Test
  void an_entry_is_found_by_its_request_id() {
    ofFour();
    List<String> bodies = new ArrayList<>();
    new Verifier(table, time)
        .verify(
            "acme",
            new Verifier.Span(Instant.EPOCH, Instant.MAX),
            Optional.empty(),
            kept -> {
              if (kept.isOf("req_2")) {
                bodies.add(kept.body());
              }
            });

    assertThat(bodies).singleElement().asString().startsWith("{\"trace\":\"req_2\",\"at\":");
  }

  @Test
  void a_span_leaves_out_segments_that_are_not_in_it() {
    ofFour();
    Instant later = time.instant().plus(Duration.ofDays(1));

    assertThat(
            new Verifier(table, time)
                .verify("acme", new Verifier.Span(later, Instant.MAX), Optional.empty(), _ -> {})
                .entries())
        .isZero();
  }
}
