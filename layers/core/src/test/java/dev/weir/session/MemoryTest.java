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
    List<Turn> turns = new ArrayList<>();
    String open = "";
    for (int i = 0, count = random.nextInt(8); i < count; i++) {
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
