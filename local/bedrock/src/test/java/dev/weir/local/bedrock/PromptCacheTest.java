package dev.weir.local.bedrock;

import static dev.weir.local.bedrock.Requests.HELLO;
import static dev.weir.local.bedrock.Requests.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.bedrockruntime.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockruntime.model.CachePointBlock;
import software.amazon.awssdk.services.bedrockruntime.model.CachePointType;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.TokenUsage;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/** The prompt cache as the SDK's own client sees it. */
final class PromptCacheTest {
  private static final SystemContentBlock POINT =
      SystemContentBlock.fromCachePoint(
          CachePointBlock.builder().type(CachePointType.DEFAULT).build());

  private static final String SIGNED =
      "AWS4-HMAC-SHA256 Credential=AK/20261122/us-east-1/bedrock/aws4_request,"
          + " SignedHeaders=host, Signature="
          + "0".repeat(64);
  private static final AtomicReference<Duration> AHEAD = new AtomicReference<>(Duration.ZERO);
  private static Stage stage;

  @BeforeAll
  static void open() throws Exception {
    stage = Stage.open(AHEAD);
  }

  @AfterAll
  static void close() throws Exception {
    stage.close();
  }

  private static SystemContentBlock words(String word, int count) {
    return SystemContentBlock.fromText(String.join(" ", Collections.nCopies(count, word)));
  }

  private static TokenUsage ask(String model, SystemContentBlock... system) {
    return stage
        .sync
        .converse(request -> request.modelId(model).system(system).messages(HELLO))
        .usage();
  }

  private static List<Integer> counts(TokenUsage usage) {
    return List.of(
        usage.inputTokens(), usage.cacheReadInputTokens(), usage.cacheWriteInputTokens());
  }

  @Test
  void a_prefix_is_written_once_and_then_read() {
    assertThat(counts(ask(Stage.SCRIPTED, words("a", 64), POINT))).containsExactly(2, 0, 64);
    assertThat(counts(ask(Stage.SCRIPTED, words("a", 64), POINT, words("b", 3))))
        .containsExactly(5, 64, 0);
  }

  @Test
  void a_short_prefix_is_never_kept() {
    for (int i = 0; i < 2; i++) {
      assertThat(counts(ask(Stage.SCRIPTED, words("c", 63), POINT))).containsExactly(65, 0, 0);
    }
  }

  @Test
  void only_what_a_longer_prefix_adds_is_written() {
    ask(Stage.SCRIPTED, words("d", 100), POINT);

    assertThat(counts(ask(Stage.SCRIPTED, words("d", 100), POINT, words("e", 50), POINT)))
        .containsExactly(2, 100, 50);
  }

  @Test
  void another_beginning_is_another_prefix() {
    ask(Stage.SCRIPTED, words("f", 100), POINT);

    assertThat(counts(ask(Stage.SCRIPTED, words("g", 1), words("f", 100), POINT)))
        .containsExactly(2, 0, 101);
  }

  @Test
  void five_minutes_after_its_last_use_a_prefix_is_gone() {
    ask(Stage.SCRIPTED, words("h", 80), POINT);
    for (int i = 0; i < 3; i++) {
      AHEAD.updateAndGet(ahead -> ahead.plusMinutes(4));
      assertThat(counts(ask(Stage.SCRIPTED, words("h", 80), POINT))).containsExactly(2, 80, 0);
    }
    AHEAD.updateAndGet(ahead -> ahead.plusMinutes(6));

    assertThat(counts(ask(Stage.SCRIPTED, words("h", 80), POINT))).containsExactly(2, 0, 80);
  }

  @Test
  void a_model_that_keeps_no_prompts_refuses_points() {
    assertThatThrownBy(() -> ask(Stage.ECHO, words("i", 80), POINT))
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void five_points_are_too_many() {
    List<SystemContentBlock> blocks = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      blocks.add(words("j" + i, 80));
      blocks.add(POINT);
    }

    assertThatThrownBy(() -> ask(Stage.SCRIPTED, blocks.toArray(SystemContentBlock[]::new)))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("Found 5");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"default\"},{\"type\":\"default\",\"ttl\":\"1h\"}",
        "{\"type\":\"default\",\"ttl\":\"2h\"}",
        "{\"type\":\"ephemeral\"}",
        "{\"type\":\"default\",\"size\":1}"
      })
  void what_bedrock_would_not_take_is_refused(String points) throws Exception {
    String system = "{\"text\":\"a\"}";
    for (String point : points.split("(?<=}),", -1)) {
      system += ",{\"cachePoint\":" + point + "},{\"text\":\"b\"}";
    }
    var reply = converse(system);

    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(reply.headers().firstValue("x-amzn-errortype")).hasValue("ValidationException");
  }

  @Test
  void an_hour_is_told_apart_and_lasts_longer() throws Exception {
    String system =
        "{\"text\":\"%s\"},{\"cachePoint\":{\"type\":\"default\",\"ttl\":\"1h\"}}"
            .formatted("k ".repeat(70).strip());

    assertThat(converse(system).body())
        .contains("\"cacheWriteInputTokens\":70", "{\"ttl\":\"1h\",\"inputTokens\":70}");
    AHEAD.updateAndGet(ahead -> ahead.plusMinutes(59));
    assertThat(converse(system).body()).contains("\"cacheReadInputTokens\":70");
  }

  private static HttpResponse<String> converse(String system) throws Exception {
    String body =
        "{\"system\":[%s],\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"q\"}]}]}"
            .formatted(system);
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(stage.address.resolve("/model/local.scripted/converse"))
              .header("Authorization", SIGNED)
              .POST(BodyPublishers.ofString(body))
              .build(),
          BodyHandlers.ofString());
    }
  }

  @Test
  void turns_are_prefixes_too() {
    assertThat(
            stage
                .sync
                .converse(request ->
                    request
                        .modelId(Stage.SCRIPTED)
                        .system(words("l", 60))
                        .messages(
                            user("one two three four").toBuilder()
                                .content(
                                    ContentBlock.fromText("one two three four"),
                                    ContentBlock.fromCachePoint(POINT.cachePoint()))
                                .build()))
                .usage()
                .cacheWriteInputTokens())
        .isEqualTo(64);
  }
}
