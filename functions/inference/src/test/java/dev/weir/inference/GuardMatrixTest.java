package dev.weir.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.EncodingType;
import dev.weir.guard.Direction;
import dev.weir.guard.Rule;
import dev.weir.guard.Samples;
import dev.weir.ledger.Usage;
import dev.weir.model.ModelEvent;
import dev.weir.model.StopReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every route, every mode of it, every place a text can stand, every guard. A route or rule that is
 * added without a line here fails.
 */
class GuardMatrixTest {

  /** The routes and whether texts go through them. */
  private static final Map<String, Boolean> ROUTES =
      Map.ofEntries(
          Map.entry("/v1/chat/completions", true),
          Map.entry("/v1/responses", true),
          // What is put in here is judged then (SessionRoutesTest), and when it goes to a model.
          Map.entry("/v1/conversations", false),
          Map.entry("/v1/conversations/{id}", false),
          Map.entry("/v1/conversations/{id}/items", false),
          Map.entry("/v1/conversations/{id}/items/{item}", false),
          Map.entry("/v1/responses/{id}", false),
          Map.entry("/v1/responses/{id}/cancel", false),
          Map.entry("/v1/responses/{id}/input_items", false),
          Map.entry("/v1/embeddings", true),
          Map.entry("/v1/endpoints/{name}/invocations", true),
          Map.entry("/v1/endpoints/{name}/invocations/{id}", false),
          Map.entry("/v1/models", false),
          Map.entry("/v1/models/{id}", false),
          Map.entry("/healthz", false));

  private enum Route {
    CHAT,
    RESPONSES
  }

  private static final Map<Rule, String> SAMPLES = Samples.byRule();
  private static final String BEDROCK = "bedrock";

  private enum Mode {
    BUFFERED,
    STREAMED,
    /** As {@link #BUFFERED}, asked again once an equal request has been answered. */
    AGAIN,
    /** By the small model of a cascade, and streamed. */
    SMALL,
    /** By the large model of a cascade. */
    LARGE
  }

  private enum Place {
    TEXT,
    REASONING,
    TOOL_CALL,
    TOOL_RESULT,
    SYSTEM,
    CALL_ID,
    /** The name of a property in a tool's schema. */
    NAME,
    /** A schema's {@code type}. */
    TYPE,
    /** Below a property called {@code image_url} of the response format's schema. */
    IMAGE_URL,
    /** Over two messages of the user's. */
    SPLIT,
    /** Over two system messages with others between. */
    SPLIT_SYSTEM;

    private boolean isMasked() {
      return compareTo(NAME) < 0 || this == IMAGE_URL;
    }

    private boolean isSplit() {
      return this == SPLIT || this == SPLIT_SYSTEM;
    }
  }

  private record Case(Route route, Mode mode, Direction direction, Place place, String guard) {}

  static Stream<Case> cases() {
    return Stream.of(Route.values()).flatMap(GuardMatrixTest::cases);
  }

  private static Stream<Case> cases(Route route) {
    List<Case> cases = new ArrayList<>();
    for (Mode mode : Mode.values()) {
      for (Direction direction : Direction.values()) {
        for (Place place : Place.values()) {
          boolean isPossible =
              switch (place) {
                case TEXT, TOOL_CALL -> true;
                case REASONING, CALL_ID -> direction == Direction.OUTPUT;
                case TOOL_RESULT, SYSTEM, NAME, TYPE, IMAGE_URL, SPLIT, SPLIT_SYSTEM ->
                    direction == Direction.INPUT;
              };
          if (isPossible) {
            // The guardrail is shown each text by itself.
            if (!place.isSplit()) {
              cases.add(new Case(route, mode, direction, place, BEDROCK));
            }
            for (Rule rule : Rule.values()) {
              boolean looksAtAnswers =
                  switch (rule) {
                    case NONSENSE, INJECTION -> false;
                    case CONTROL_TOKENS, SECRETS, PII -> true;
                  };
              if (direction == Direction.INPUT || looksAtAnswers) {
                cases.add(new Case(route, mode, direction, place, rule.text()));
              }
            }
          }
        }
      }
    }
    return cases.stream();
  }

  @Test
  void every_route_of_the_template_has_its_line() throws IOException {
    List<String> routes =
        Pattern.compile("Path: '?((?:/[\\w.]+|/\\{\\w+})+)")
            .matcher(Files.readString(Path.of("../../template.yaml")))
            .results()
            .map(match -> match.group(1))
            // The routes of operators and approvers bring no texts to models.
            .filter(path -> !path.startsWith("/admin/") && !path.startsWith("/remediation/"))
            .distinct()
            .toList();

    assertThat(routes).containsExactlyInAnyOrderElementsOf(ROUTES.keySet());
    assertThat(ROUTES.values().stream().filter(guarded -> guarded)).hasSize(4);
  }

  @Test
  void every_rule_has_its_sample() {
    assertThat(SAMPLES).containsOnlyKeys(Rule.values());
    System.out.printf("guard matrix: %d cases%n", cases().count());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void what_a_guard_acts_on_does_not_pass(Case tested) {
    TestStack stack = new TestStack();
    String planted = planted(tested.guard());
    stack.limiter.guard = Optional.of(tested.guard().equals(BEDROCK) ? "remote" : "local");
    if (tested.direction() == Direction.OUTPUT) {
      stack.model.says(ScriptedModel.whole(answer(tested.place(), planted)));
    }
    boolean isChat = tested.route() == Route.CHAT;
    Client client = isChat ? stack.client("acme") : stack.responses("acme");
    String body = isChat ? request(tested, planted) : response(tested, planted);

    if (tested.mode() == Mode.AGAIN) {
      client.post(body);
    }
    Client.Reply reply =
        tested.mode() == Mode.LARGE ? client.post(body, "x-weir-tier", "large") : client.post(body);

    String shown = reply.text();
    assertThat(shown).doesNotContain(planted);
    assertThat(reply.text() + reply.headers)
        .contains(tested.direction().text() + ":" + tested.guard());
    assertThat(stack.logged()).doesNotContain(planted);
    // The model's own set, baseline, comes first and masks control tokens.
    boolean isMasked =
        tested.place().isMasked()
            && (tested.guard().equals("pii") || tested.guard().equals("control_tokens"));
    if (tested.direction() == Direction.INPUT) {
      assertThat(stack.model.calls).hasSize(isMasked ? 1 : 0);
      assertThat(stack.model.calls.toString()).doesNotContain(planted);
      assertThat(reply.status).isEqualTo(isMasked ? 200 : 400);
    } else {
      assertThat(reply.status).isEqualTo(200);
      assertThat(shown.contains("content_filter")).isEqualTo(!isMasked);
    }
  }

  /** How an embeddings request can carry a text. */
  private enum Input {
    TEXT,
    /** The second of two, the first of which is clean. */
    SECOND,
    TOKENS,
    /** As {@link #TEXT}, beside a text that is kept already. */
    BESIDE_KEPT,
    /** As {@link #TEXT}, asked again. */
    AGAIN
  }

  private record Embedded(Input input, String guard) {}

  static Stream<Embedded> embedded() {
    return Stream.of(Input.values())
        .flatMap(input ->
            Stream.concat(Stream.of(BEDROCK), Stream.of(Rule.values()).map(Rule::text))
                .map(guard -> new Embedded(input, guard)));
  }

  @ParameterizedTest
  @MethodSource("embedded")
  void what_a_guard_acts_on_is_not_embedded(Embedded tested) {
    EmbeddingStack stack = new EmbeddingStack();
    String planted = planted(tested.guard());
    stack.limiter.guard = Optional.of(tested.guard().equals(BEDROCK) ? "remote" : "local");
    Client client = stack.client("acme");
    ObjectMapper json = new ObjectMapper();
    ObjectNode body = json.createObjectNode().put("model", "many");
    if (tested.input() == Input.BESIDE_KEPT) {
      client.post("{\"model\":\"many\",\"input\":\"clean\"}");
    }
    switch (tested.input()) {
      case TEXT, AGAIN -> body.put("input", "so " + planted);
      case SECOND, BESIDE_KEPT -> body.putArray("input").add("clean").add("so " + planted);
      case TOKENS -> {
        var ids = body.putArray("input");
        Encodings.newLazyEncodingRegistry()
            .getEncoding(EncodingType.CL100K_BASE)
            .encodeOrdinary("so " + planted)
            .boxed()
            .forEach(ids::add);
      }
    }

    if (tested.input() == Input.AGAIN) {
      client.post(body.toString());
    }
    Client.Reply reply = client.post(body.toString());

    assertThat(reply.text() + reply.headers)
        .contains("input:" + tested.guard())
        .doesNotContain(planted);
    assertThat(stack.logged()).doesNotContain(planted);
    assertThat(stack.model.texts()).noneMatch(text -> text.contains(planted));
    // The model's own set, baseline, comes first and masks control tokens.
    boolean isMasked = tested.guard().equals("pii") || tested.guard().equals("control_tokens");
    assertThat(reply.status).isEqualTo(isMasked ? 200 : 400);
    assertThat(stack.model.texts().stream().anyMatch(text -> text.startsWith("so ")))
        .isEqualTo(isMasked);
  }

  private static String planted(String guard) {
    return guard.equals(BEDROCK)
        ? FakeGuardrail.FORBIDDEN
        : SAMPLES.getOrDefault(Rule.valueOf(guard.toUpperCase(Locale.ROOT)), "");
  }

  private static List<ModelEvent> answer(Place place, String planted) {
    List<ModelEvent> events = new ArrayList<>(List.of(new ModelEvent.Started()));
    String half = planted.substring(0, planted.length() / 2);
    String rest = planted.substring(planted.length() / 2);
    switch (place) {
      case TEXT -> {
        events.add(new ModelEvent.TextDelta(0, "so " + half));
        events.add(new ModelEvent.TextDelta(0, rest + " it is"));
      }
      case REASONING -> {
        events.add(new ModelEvent.ReasoningDelta(0, "so " + half));
        events.add(new ModelEvent.ReasoningDelta(0, rest + " it is"));
        events.add(new ModelEvent.TextDelta(1, "done"));
      }
      default -> {
        boolean isId = place == Place.CALL_ID;
        events.add(new ModelEvent.ToolStarted(0, isId ? planted : "call_a", "look_up"));
        events.add(new ModelEvent.ToolDelta(0, "{\"q\":\"" + (isId ? "a" : half)));
        events.add(new ModelEvent.ToolDelta(0, (isId ? "b" : rest) + "\"}"));
        events.add(new ModelEvent.BlockStopped(0));
      }
    }
    events.add(new ModelEvent.Stopped(StopReason.END_TURN));
    events.add(new ModelEvent.UsageReported(Usage.of(20, 7)));
    return events;
  }

  private static String response(Case tested, String planted) {
    ObjectNode body = new ObjectMapper().createObjectNode().put("model", "kept");
    body.put("stream", tested.mode() == Mode.STREAMED);
    boolean isInput = tested.direction() == Direction.INPUT;
    Place place = isInput ? tested.place() : Place.REASONING;
    body.put("instructions", place == Place.SYSTEM ? "so " + planted : "s");
    var input = body.putArray("input");
    input
        .addObject()
        .put("role", "user")
        .putArray("content")
        .addObject()
        .put("type", "input_text")
        .put("text", place == Place.TEXT ? "so " + planted : "hi");
    if (place == Place.TOOL_CALL || place == Place.TOOL_RESULT) {
      ObjectNode arguments = new ObjectMapper().createObjectNode();
      arguments.put("q", place == Place.TOOL_CALL ? planted : "x");
      input
          .addObject()
          .put("type", "function_call")
          .put("call_id", "c1")
          .put("name", "f")
          .put("arguments", arguments.toString());
      input
          .addObject()
          .put("type", "function_call_output")
          .put("call_id", "c1")
          .put("output", place == Place.TOOL_RESULT ? "so " + planted : "x");
    }
    if (place == Place.NAME || place == Place.TYPE) {
      ObjectNode tool = body.putArray("tools").addObject().put("type", "function").put("name", "f");
      tool.set("parameters", schema(place, planted));
    }
    if (place == Place.IMAGE_URL) {
      ObjectNode format = body.putObject("text").putObject("format");
      format.put("type", "json_schema").put("name", "f").set("schema", schema(place, planted));
    }
    if (place.isSplit()) {
      split(place, planted, input);
    }
    return body.toString();
  }

  private static ObjectNode schema(Place place, String planted) {
    ObjectNode schema = new ObjectMapper().createObjectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    switch (place) {
      case NAME -> properties.putObject("so " + planted).put("type", "string");
      case TYPE -> properties.putObject("a").put("type", "so " + planted);
      default -> properties.putObject("image_url").put("description", "so " + planted);
    }
    return schema;
  }

  private static void split(Place place, String planted, ArrayNode messages) {
    String role = place == Place.SPLIT ? "user" : "system";
    int half = planted.length() / 2;
    messages.addObject().put("role", role).put("content", "so " + planted.substring(0, half));
    if (place == Place.SPLIT_SYSTEM) {
      messages.addObject().put("role", "user").put("content", "hi");
    }
    messages.addObject().put("role", role).put("content", planted.substring(half) + " it is");
  }

  private static String request(Case tested, String planted) {
    ObjectMapper json = new ObjectMapper();
    ObjectNode body = json.createObjectNode().put("max_tokens", 50);
    body.put("model", tested.mode().compareTo(Mode.AGAIN) > 0 ? "tiered" : "kept");
    if (tested.mode() == Mode.STREAMED || tested.mode() == Mode.SMALL) {
      body.put("stream", true);
    }
    boolean isInput = tested.direction() == Direction.INPUT;
    Place place = isInput ? tested.place() : Place.REASONING;
    var messages = body.putArray("messages");
    messages
        .addObject()
        .put("role", "system")
        .put("content", place == Place.SYSTEM ? "so " + planted : "s");
    messages
        .addObject()
        .put("role", "user")
        .put("content", place == Place.TEXT ? "so " + planted : "hi");
    if (place == Place.TOOL_CALL || place == Place.TOOL_RESULT) {
      ObjectNode arguments = json.createObjectNode();
      arguments.put("q", place == Place.TOOL_CALL ? planted : "x");
      var call =
          messages
              .addObject()
              .put("role", "assistant")
              .putNull("content")
              .putArray("tool_calls")
              .addObject();
      call.put("id", "c1").put("type", "function");
      call.putObject("function").put("name", "f").put("arguments", arguments.toString());
      messages
          .addObject()
          .put("role", "tool")
          .put("tool_call_id", "c1")
          .put("content", place == Place.TOOL_RESULT ? "so " + planted : "x");
    }
    if (place == Place.NAME || place == Place.TYPE) {
      ObjectNode tool = body.putArray("tools").addObject().put("type", "function");
      tool.putObject("function").put("name", "f").set("parameters", schema(place, planted));
    }
    if (place == Place.IMAGE_URL) {
      ObjectNode format = body.putObject("response_format").put("type", "json_schema");
      format.putObject("json_schema").put("name", "f").set("schema", schema(place, planted));
    }
    if (place.isSplit()) {
      split(place, planted, messages);
    }
    return body.toString();
  }
}
