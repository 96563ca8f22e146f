package dev.weir.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MemoryTest {

  private final Random random = new Random(20261122);

  private static JsonNode message(String role, String text) {
    return JsonNodeFactory.instance.objectNode().put("role", role).put("content", text);
  }

  private static JsonNode call(String id) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "function_call")
        .put("call_id", id)
        .put("arguments", "{}");
  }

  private static JsonNode output(String id) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "function_call_output")
        .put("call_id", id)
        .put("output", "done");
  }

  private static Turn turn(String id, JsonNode... items) {
    return Turn.of(id, List.of(items), String::length);
  }

  private static Turn said(String id) {
    return turn(id, message("user", "x".repeat(42)), message("assistant", "y".repeat(42)));
  }

  private static final Turn NEXT = turn("next", message("user", "and?"));

  private static List<String> ids(List<Turn> turns) {
    return turns.stream().map(Turn::id).toList();
  }

  @Test
  void what_fits_is_kept_whole() {
    List<Turn> turns = List.of(said("a"), said("b"));

    assertThat(Memory.of(turns, 200, NEXT)).isEqualTo(new Memory(turns, List.of()));
  }

  @Test
  void the_oldest_turn_goes_first_and_whole() {
    Memory memory = Memory.of(List.of(said("a"), said("b"), said("c")), 299, NEXT);

    assertThat(ids(memory.dropped())).containsExactly("a");
    assertThat(ids(memory.kept())).containsExactly("b", "c");
  }

  @Test
  void what_the_system_said_stays() {
    Turn first = turn("a", message("developer", "be brief"), message("user", "x".repeat(400)));

    Memory memory = Memory.of(List.of(first, said("b")), 150, NEXT);

    assertThat(memory.kept().getFirst().json()).containsExactly(message("developer", "be brief"));
    assertThat(ids(memory.kept())).endsWith("b");
  }

  @Test
  void a_call_is_not_parted_from_its_output_in_the_turn_to_come() {
    Turn calling = turn("b", message("user", "x".repeat(500)), call("c1"));

    Memory memory = Memory.of(List.of(said("a"), calling), 1, turn("next", output("c1")));

    assertThat(ids(memory.kept())).containsExactly("b");
  }

  private static Turn summary(String text) {
    return Turn.summary("s", text, String::length);
  }

  @Test
  void a_summary_outlives_the_turns_after_it_and_goes_before_what_the_system_said() {
    Turn rules = turn("r", message("system", "rule"), message("user", "x".repeat(300)));
    Turn told = summary("earlier");

    Memory trimmed = Memory.of(List.of(told, rules, said("a"), said("b")), 250, NEXT);
    Memory crowded = Memory.of(List.of(told, rules, said("a"), said("b")), 20, NEXT);

    assertThat(ids(trimmed.kept())).containsExactly("system", "summary", "b");
    assertThat(ids(trimmed.dropped())).containsExactly("r", "a");
    assertThat(ids(crowded.kept())).containsExactly("system");
    assertThat(ids(crowded.dropped())).containsExactly("summary", "r", "a", "b");
  }

  @Test
  void a_new_summary_tells_what_the_last_one_told_and_takes_its_place() {
    Memory memory = Memory.of(List.of(summary("one"), said("a"), said("b"), said("c")), 250, NEXT);

    assertThat(ids(memory.untold())).containsExactly("summary", "a", "b");
    Turn other = summary("two");
    assertThat(memory.with(other)).containsExactly(other, said("c"));
    assertThat(memory.isLossy()).isTrue();
  }

  @Test
  void nothing_is_lost_where_only_the_systems_words_were_moved() {
    List<Turn> turns = List.of(turn("r", message("system", "rule")), turn("b", call("c1")));

    Memory memory = Memory.of(turns, 1, turn("next", output("c1")));

    assertThat(ids(memory.dropped())).containsExactly("r");
    assertThat(memory.isLossy()).isFalse();
  }

  /** C46: between two summaries a prompt only grows at its end. */
  @Test
  void a_conversation_that_is_summarised_keeps_its_prefix_until_the_next_summary() {
    for (int run = 0; run < 300; run++) {
      List<Turn> told = List.of();
      List<JsonNode> before = List.of();
      int summaries = 0;
      int turns = 0;
      for (Turn next : turns(60)) {
        Memory memory = Memory.of(told, 600, next);
        boolean isDue = !memory.dropped().isEmpty();
        if (isDue) {
          Memory shorter = Memory.of(told, 300 - 60, next);
          told =
              shorter.isLossy()
                  ? Memory.of(shorter.with(summary("s" + summaries++)), 600, next).kept()
                  : memory.kept();
        }
        List<JsonNode> prompt = told.stream().flatMap(turn -> turn.json().stream()).toList();
        assertThat(prompt.toString()).satisfies(MemoryTest::everyOutputFollowsItsCall);
        if (!isDue) {
          assertThat(prompt.subList(0, before.size())).isEqualTo(before);
        }
        before = prompt;
        List<Turn> kept = new ArrayList<>(told);
        kept.add(next);
        told = kept;
        turns++;
      }
      // Half of the room is free after a summary: not every turn needs one.
      assertThat(summaries).isBetween(1, turns / 2);
    }
  }

  private static void everyOutputFollowsItsCall(String prompt) {
    for (int at = prompt.indexOf("_output"); at >= 0; at = prompt.indexOf("_output", at + 1)) {
      String id = prompt.substring(prompt.indexOf("\"call_id\":", at)).split("\"", 5)[3];
      assertThat(prompt.indexOf("\"call_id\":\"" + id + "\"")).isLessThan(at);
    }
  }

  @Test
  void whatever_is_dropped_no_output_is_left_without_its_call_and_the_bound_holds() {
    for (int i = 0; i < 3_000; i++) {
      List<Turn> turns = turns();
      long room = random.nextInt(800);

      Memory memory = Memory.of(turns, room, NEXT);

      Set<String> calls = new HashSet<>();
      for (Turn kept : memory.kept()) {
        for (JsonNode item : kept.json()) {
          if (item.path("type").asText().equals("function_call")) {
            calls.add(item.path("call_id").asText());
          } else if (item.has("output")) {
            assertThat(calls).contains(item.path("call_id").asText());
          }
        }
      }
      assertThat(memory.kept().stream().mapToLong(Turn::tokens).sum()).isLessThanOrEqualTo(room);
      List<String> all =
          Stream.of(memory.dropped(), memory.kept())
              .flatMap(List::stream)
              .map(Turn::id)
              .filter(id -> !id.equals("system"))
              .toList();
      assertThat(all).isEqualTo(ids(turns));
    }
  }

  /** Turns in which calls are answered at the beginning of the next. */
  private List<Turn> turns() {
    return turns(random.nextInt(8));
  }

  private List<Turn> turns(int count) {
    List<Turn> turns = new ArrayList<>();
    String open = "";
    for (int i = 0; i < count; i++) {
      List<JsonNode> items = new ArrayList<>();
      if (!open.isEmpty()) {
        items.add(output(open));
        open = "";
      } else {
        items.add(message("user", "x".repeat(random.nextInt(100))));
      }
      if (random.nextInt(4) == 0) {
        items.add(message("system", "rule " + i));
      }
      if (random.nextInt(2) == 0 && i < count - 1) {
        open = "c" + i;
        items.add(call(open));
      } else {
        items.add(message("assistant", "y".repeat(random.nextInt(100))));
      }
      turns.add(Turn.of("t" + i, items, String::length));
    }
    return turns;
  }
}
