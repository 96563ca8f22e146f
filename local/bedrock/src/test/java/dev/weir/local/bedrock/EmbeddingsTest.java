package dev.weir.local.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.bedrock.wire.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/** InvokeModel on embedding models, driven by the unmodified SDK client. */
final class EmbeddingsTest {

  private static Stage stage;

  @BeforeAll
  static void open() throws Exception {
    stage = Stage.open();
  }

  @AfterAll
  static void close() throws Exception {
    stage.close();
  }

  private static InvokeModelResponse invoke(String model, String body) {
    return stage.sync.invokeModel(request ->
        request.modelId(model).contentType("application/json").body(SdkBytes.fromUtf8String(body)));
  }

  private static JsonNode embedded(String model, String body) throws Exception {
    return Json.read(invoke(model, body).body().asByteArray());
  }

  private static double cosine(JsonNode a, JsonNode b) {
    double dot = 0;
    double x = 0;
    double y = 0;
    for (int i = 0; i < a.size(); i++) {
      dot += a.get(i).asDouble() * b.get(i).asDouble();
      x += a.get(i).asDouble() * a.get(i).asDouble();
      y += b.get(i).asDouble() * b.get(i).asDouble();
    }
    return dot / Math.sqrt(x * y);
  }

  @Test
  void titans_shape_has_one_vector_and_its_tokens() throws Exception {
    JsonNode reply = embedded(Stage.HASH, "{\"inputText\":\"one two three\",\"dimensions\":512}");

    assertThat(reply.path("embedding")).hasSize(512);
    assertThat(reply.path("inputTextTokenCount").asInt()).isEqualTo(3);
  }

  @Test
  void coheres_shape_has_a_vector_for_each_text_and_counts_tokens_in_a_header() throws Exception {
    InvokeModelResponse reply =
        invoke(
            Stage.HASH,
            "{\"texts\":[\"one"
                + " two\",\"three\"],\"input_type\":\"search_query\",\"embedding_types\":[\"float\"]}");

    assertThat(Json.read(reply.body().asByteArray()).at("/embeddings/float")).hasSize(2);
    assertThat(reply.sdkHttpResponse().firstMatchingHeader("X-Amzn-Bedrock-Input-Token-Count"))
        .contains("3");
  }

  @Test
  void the_small_model_finds_a_paraphrase_nearer_than_another_question() throws Exception {
    JsonNode asked = embedded(Stage.MINI_LM, "{\"inputText\":\"How do I reset my password?\"}");
    JsonNode paraphrase =
        embedded(Stage.MINI_LM, "{\"inputText\":\"I forgot my password, how can I change it?\"}");
    JsonNode other = embedded(Stage.MINI_LM, "{\"inputText\":\"What is the capital of Peru?\"}");

    assertThat(asked.path("embedding")).hasSize(384);
    assertThat(asked.path("inputTextTokenCount").asInt()).isBetween(5, 12);
    assertThat(cosine(asked.path("embedding"), paraphrase.path("embedding")))
        .isGreaterThan(cosine(asked.path("embedding"), other.path("embedding")) + 0.3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"inputText\":\"\"}",
        "{\"inputText\":\"a\",\"dimensions\":7}",
        "{\"inputText\":\"a\",\"texts\":[\"b\"]}",
        "{\"texts\":[],\"input_type\":\"search_query\"}",
        "{\"texts\":[\"a\"]}",
        "not json"
      })
  void a_body_of_no_models_shape_is_refused(String body) {
    assertThatThrownBy(() -> invoke(Stage.HASH, body)).isInstanceOf(ValidationException.class);
  }
}
