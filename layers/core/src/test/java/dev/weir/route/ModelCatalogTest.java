package dev.weir.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelCatalogTest {

  private static final String PRICES =
      "{\"prices\":[{\"id\":\"p\",\"inputPicoUsd\":1,\"outputPicoUsd\":2}]}";

  private static String model(String cacheMode, String price) {
    return """
    {"models":[{"id":"m","target":"vendor.m","ownedBy":"vendor","created":1,"contextTokens":100,
      "maxOutputTokens":10,"defaultOutputTokens":5,"price":"%s","cache":{"mode":"%s"}}]}
    """
        .formatted(price, cacheMode);
  }

  private static ModelCatalog read(Path folder, String models) throws IOException {
    Files.writeString(folder.resolve("prices.json"), PRICES);
    Files.writeString(
        folder.resolve("guards.json"), "{\"default\":\"none\",\"guards\":[{\"id\":\"none\"}]}");
    Files.writeString(folder.resolve("models.json"), models);
    return ModelCatalog.read(folder);
  }

  @Test
  void the_shipped_catalog_reads() {
    assertThat(ModelCatalog.read(Path.of("../catalog/catalog")).all()).hasSizeGreaterThan(20);
  }

  private static String recalling(String memory) {
    String large = model("off", "p").replace("\"price\"", "\"memory\":" + memory + ",\"price\"");
    String small =
        "{\"id\":\"s\",\"target\":\"vendor.s\",\"ownedBy\":\"vendor\",\"created\":1,"
            + "\"contextTokens\":5000,\"maxOutputTokens\":50,\"defaultOutputTokens\":5,\"price\":\"p\"}";
    return large.stripTrailing().replaceFirst("]}$", "," + small + "]}");
  }

  @Test
  void a_model_says_how_much_it_is_told_and_who_summarises_the_rest(@TempDir Path folder)
      throws IOException {
    assertThat(
            read(
                    folder,
                    recalling(
                        "{\"mode\":\"summarise\",\"tokens\":90,\"model\":\"s\",\"summaryTokens\":20}"))
                .find("m")
                .orElseThrow()
                .recall())
        .contains(
            new Model.Recall(
                OptionalLong.of(90),
                Optional.of(new Model.Summary("s", 20, 45)),
                Optional.empty(),
                Optional.empty()));
    assertThat(
            read(folder, recalling("{\"idleHours\":2,\"days\":3}"))
                .find("m")
                .orElseThrow()
                .recall())
        .contains(
            new Model.Recall(
                OptionalLong.empty(),
                Optional.empty(),
                Optional.of(Duration.ofHours(2)),
                Optional.of(Duration.ofDays(3))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'mode':'forget','tokens':9}|memory.mode of m must be trim or summarise",
        "{'tokens':0}|memory.tokens of m must be an integer above 0",
        "{'idleHours':8761}|memory.idleHours of m must be an integer from 1 to 8760",
        "{'days':0}|memory.days of m must be an integer from 1 to 3650",
        "{'tokens':9,'model':'s'}|memory.model of m is no key of the mode trim",
        "{'mode':'summarise','tokens':90,'model':'t','summaryTokens':20}|memory.model of m must be"
            + " the id",
        "{'mode':'summarise','tokens':90,'model':'s'}|memory.summaryTokens of m must be an integer"
            + " from 1 to 44",
        "{'mode':'summarise','tokens':900,'model':'s','summaryTokens':51}|memory.summaryTokens of m"
            + " must be at most",
        "{'mode':'summarise','tokens':90,'model':'s','summaryTokens':20,'keepTokens':90}|memory.keepTokens"
            + " of m must be an integer from 2 to 89",
        "{'mode':'summarise','tokens':4500,'model':'s','summaryTokens':20}|memory.tokens of m must"
            + " fit s",
      })
  void what_is_wrong_with_a_memory_is_named(String memory, String message, @TempDir Path folder) {
    assertThatThrownBy(() -> read(folder, recalling(memory.replace('\'', '"'))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void a_model_finds_its_price(@TempDir Path folder) throws IOException {
    assertThat(read(folder, model("off", "p")).find("m").orElseThrow().price().id()).isEqualTo("p");
  }

  @Test
  void a_model_without_a_price_is_refused(@TempDir Path folder) {
    assertThatThrownBy(() -> read(folder, model("off", "q")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("price of m");
  }

  @Test
  void a_model_costs_what_its_own_region_charges() {
    Path shipped = Path.of("../catalog/catalog");

    assertThat(priceOfDeepSeek(ModelCatalog.read(shipped, "eu-north-1"))).isEqualTo(740_000);
    assertThat(priceOfDeepSeek(ModelCatalog.read(shipped, "us-east-1"))).isEqualTo(620_000);
  }

  private static long priceOfDeepSeek(ModelCatalog catalog) {
    return catalog.all().stream()
        .map(Model::price)
        .filter(price -> price.id().endsWith("deepseek.v3.2"))
        .findFirst()
        .orElseThrow()
        .inputPicoUsd();
  }

  @Test
  void a_wrong_cache_mode_is_refused_with_the_allowed_ones(@TempDir Path folder) {
    assertThatThrownBy(() -> read(folder, model("sometimes", "p")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("off, deterministic or always");
  }

  private static final String TARGET =
      """
      {"kind":"inference-profile","target":"us.vendor.m","price":"p","contextTokens":100,
       "maxOutputTokens":10,"images":false,"tools":true,"step":"same-model"}\
      """;

  private static String fallback(String fields) {
    return model("off", "p").replace("\"price\"", fields + ",\"price\"");
  }

  @Test
  void stand_ins_are_read_in_their_order_after_the_models_own_target(@TempDir Path folder)
      throws IOException {
    Model model =
        read(folder, fallback("\"attempts\":3,\"staleSeconds\":60,\"targets\":[" + TARGET + "]"))
            .find("m")
            .orElseThrow();

    assertThat(model.chain()).extracting(Target::id).containsExactly("vendor.m", "us.vendor.m");
    assertThat(model.chain().getFirst().step()).isEqualTo(Target.Step.NONE);
    assertThat(model.fallback().attempts()).isEqualTo(3);
    assertThat(model.fallback().stale()).hasSeconds(60);
  }

  @Test
  void a_model_without_stand_ins_is_asked_once(@TempDir Path folder) throws IOException {
    Model model = read(folder, model("off", "p")).find("m").orElseThrow();

    assertThat(model.fallback()).isEqualTo(Model.Fallback.NONE);
  }

  private static final String CASCADE =
      """
      "cascade":{"small":"s","signals":[{"signal":"prompt-tokens","above":9},{"signal":"tools","above":0},
       {"signal":"images"},{"signal":"response-format"},{"signal":"tier"},{"signal":"truncated"},
       {"signal":"schema"},{"signal":"refusal","phrases":["No"]},
       {"signal":"self-consistency","samples":3,"agreement":0.5},
       {"signal":"score","model":"s","atLeast":7}],"serveSmallWhenLargeFails":true}\
      """;

  private static String cascade(String fields) {
    String small = model("off", "p").strip();
    String large = fallback(fields).strip();
    return small.replace("\"id\":\"m\"", "\"id\":\"s\"").replaceFirst("]}$", "")
        + ","
        + large.substring(large.indexOf('[') + 1);
  }

  @Test
  void a_cascade_is_read_with_its_signals(@TempDir Path folder) throws IOException {
    Cascade cascade =
        read(folder, cascade(CASCADE)).find("m").orElseThrow().cascade().orElseThrow();

    assertThat(cascade.small().id()).isEqualTo("s");
    assertThat(cascade.before()).hasSize(5);
    assertThat(cascade.after())
        .containsExactly(
            new Signal.Truncated(),
            new Signal.Schema(),
            new Signal.Refusal(java.util.List.of("no")));
    assertThat(cascade.asking()).hasSize(2).contains(new SelfConsistency(3, 0.5));
    assertThat(cascade.streams()).isTrue();
    assertThat(cascade.keepsSmall()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"small\":\"s\"|\"small\":\"m\"|cascade.small|the id of another model",
        "\"small\":\"s\"|\"small\":\"x\"|cascade.small|the id of another model",
        "\"signal\":\"images\"|\"signal\":\"mood\"|cascade.signals[2].signal|[prompt-tokens, tools,"
            + " images, response-format, tier, truncated, schema, refusal, self-consistency,"
            + " score]",
        "\"signal\":\"images\"|\"signal\":\"tier\"|cascade.signals|tier twice",
        "\"signal\":\"images\"|\"signal\":\"images\",\"above\":1|cascade.signals[2].above|must be"
            + " one of",
        "\"above\":9|\"above\":0|cascade.signals[0].above|an integer from 1 to",
        "\"above\":0|\"above\":129|cascade.signals[1].above|an integer from 0 to 128",
        "[\"No\"]|[]|cascade.signals[7].phrases|1 to 100 texts",
        "\"samples\":3|\"samples\":6|cascade.signals[8].samples|an integer from 2 to 5",
        "\"agreement\":0.5|\"agreement\":2|cascade.signals[8].agreement|a number from 0 to 1",
        "\"model\":\"s\"|\"model\":\"m\"|cascade.signals[9].model|the id of another model",
        "\"atLeast\":7|\"atLeast\":0|cascade.signals[9].atLeast|an integer from 1 to 10",
        "\"serveSmallWhenLargeFails\":true|\"serveSmallWhenLargeFails\":1|cascade.serveSmallWhenLargeFails|true"
            + " or false",
        "\"small\":\"s\"|\"small\":\"s\",\"big\":\"s\"|cascade.big|must be one of"
      })
  void what_is_wrong_with_a_cascade_is_named_with_what_is_allowed(
      String right, String wrong, String key, String allowed, @TempDir Path folder) {
    assertThat(CASCADE).contains(right);

    assertThatThrownBy(() -> read(folder, cascade(CASCADE.replace(right, wrong))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("models.json: " + key + " of m")
        .hasMessageContaining(allowed);
  }

  private static final String PROMPT_CACHE =
      "\"promptCache\":{\"mode\":\"auto\",\"points\":4,\"minTokens\":64,\"tools\":true,\"hour\":false}";

  @Test
  void a_model_and_its_stand_ins_each_say_how_they_keep_prompts(@TempDir Path folder)
      throws IOException {
    Model model =
        read(folder, fallback("\"attempts\":2,\"targets\":[" + TARGET + "]," + PROMPT_CACHE))
            .find("m")
            .orElseThrow();

    assertThat(model.chain())
        .extracting(Target::promptCache)
        .containsExactly(
            new PromptCache(PromptCache.Mode.AUTO, 4, 64, true, false), PromptCache.OFF);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"auto\"|\"always\"|promptCache.mode|marked or auto",
        "\"points\":4,|''|promptCache.points|1 to 4",
        "\"points\":4|\"points\":5|promptCache.points|1 to 4",
        "\"minTokens\":64|\"minTokens\":-1|promptCache.minTokens|0 or more",
        "\"tools\":true,|''|promptCache.tools|true or false",
        "\"hour\":false|\"hour\":1|promptCache.hour|true or false",
        "\"hour\":false|\"hour\":false,\"day\":true|promptCache.day|must be one of"
      })
  void what_is_wrong_with_a_prompt_cache_is_named_with_what_is_allowed(
      String right, String wrong, String key, String allowed, @TempDir Path folder) {
    assertThat(PROMPT_CACHE).contains(right);

    assertThatThrownBy(() -> read(folder, fallback(PROMPT_CACHE.replace(right, wrong))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("models.json: " + key + " of m")
        .hasMessageContaining(allowed);
  }

  @Test
  void every_shipped_stand_in_is_another_target_of_a_known_price() {
    assertThat(ModelCatalog.read(Path.of("../catalog/catalog")).all())
        .filteredOn(model -> model.chain().size() > 1)
        .hasSizeGreaterThan(10)
        .allSatisfy(model -> assertThat(model.fallback().attempts()).isBetween(2, 4));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"kind\":\"inference-profile\"|\"kind\":\"spot\"|targets[0].kind|on-demand,"
            + " inference-profile, provisioned",
        "\"kind\":\"inference-profile\"|\"kind\":\"provisioned\"|targets[0].kind|must be"
            + " inference-profile",
        "\"price\":\"p\"|\"price\":\"q\"|targets[0].price|an id of prices.json",
        "\"target\":\"us.vendor.m\",|''|targets[0].target|missing",
        "\"us.vendor.m\"|\"vendor.m\"|targets|twice",
        "\"step\":\"same-model\"|\"step\":\"none\"|targets[0].step|same-model, smaller-model",
        "\"images\":false,|''|targets[0].images|true or false",
        "\"contextTokens\":100,|''|targets[0].contextTokens|an integer above 0",
        "\"attempts\":3,|''|attempts|an integer from 2 to 10",
        "\"attempts\":3,|\"attempts\":11,|attempts|an integer from 2 to 10",
        "\"staleSeconds\":60,|\"staleSeconds\":-1,|staleSeconds|an integer from 0 to 2592000"
      })
  void what_is_wrong_with_a_stand_in_is_named_with_what_is_allowed(
      String right, String wrong, String key, String allowed, @TempDir Path folder) {
    String target = TARGET;
    if (wrong.equals("\"vendor.m\"")) {
      target = target.replace("inference-profile", "on-demand");
    }
    String fields = "\"attempts\":3,\"staleSeconds\":60,\"targets\":[" + target + "]";
    assertThat(fields).contains(right);

    assertThatThrownBy(() -> read(folder, fallback(fields.replace(right, wrong))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("models.json: " + key + " of m")
        .hasMessageContaining(allowed);
  }

  @Test
  void a_sagemaker_endpoint_or_component_is_a_target_of_its_own_kind(@TempDir Path folder)
      throws IOException {
    Model model =
        read(
                folder,
                model("off", "p")
                    .replace("vendor.m\"", "sagemaker/chat/llama-8b\",\"dialect\":\"openai\""))
            .find("m")
            .orElseThrow();

    assertThat(model.chain().getFirst().kind()).isEqualTo(Target.Kind.SAGEMAKER);
    assertThat(SageMakerTarget.parse(model.target()))
        .isEqualTo(new SageMakerTarget("chat", Optional.of("llama-8b")));
    assertThat(SageMakerTarget.parse("sagemaker/chat").component()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "sagemaker/chat,tgi,dialect of m must be one of [openai]",
    "sagemaker/,openai,target of m must be sagemaker/<endpoint>",
    "sagemaker/a/b/c,openai,target of m must be sagemaker/<endpoint>",
    "sagemaker/a_b,openai,target of m must be sagemaker/<endpoint>",
    "vendor.m,openai,dialect of m belongs to SageMaker targets",
  })
  void a_wrong_sagemaker_target_is_refused(
      String target, String dialect, String message, @TempDir Path folder) {
    assertThatThrownBy(() ->
            read(
                folder,
                model("off", "p")
                    .replace("vendor.m\"", target + "\",\"dialect\":\"" + dialect + "\"")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static final String EMBEDDING =
      """
      {"id":"e","kind":"embedding","target":"vendor.e","ownedBy":"vendor","created":1,"family":"titan-v2",
       "dimensions":[4,2],"maxCharacters":100,"price":"p","cache":{"ttlSeconds":60}}\
      """;

  private static String withEmbedding(String row) {
    return model("off", "p").replace("{\"models\":[", "{\"models\":[" + row + ",");
  }

  @Test
  void an_embedding_model_is_no_chat_model(@TempDir Path folder) throws IOException {
    ModelCatalog catalog = read(folder, withEmbedding(EMBEDDING));

    assertThat(catalog.find("e")).isEmpty();
    assertThat(catalog.findEmbedding("m")).isEmpty();
    EmbeddingModel model = catalog.findEmbedding("e").orElseThrow();
    assertThat(model.family()).isEqualTo(EmbeddingFamily.TITAN_V2);
    assertThat(model.dimensions()).containsExactly(4, 2);
    assertThat(model.timeToLive()).hasSeconds(60);
  }

  @Test
  void the_shipped_embedding_models_read() {
    assertThat(ModelCatalog.read(Path.of("../catalog/catalog")).embeddings()).hasSize(6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"embedding\"|\"vector\"|kind|chat or embedding",
        "\"titan-v2\"|\"titan-v9\"|family|titan-v2, titan-g1, cohere-v3, cohere-v4",
        "[4,2]|[]|dimensions|at least one",
        "[4,2]|[0]|dimensions|an integer from 1 to 4096",
        "100|-1|maxCharacters|an integer from 1 to 1000000",
        "60|0|cache.ttlSeconds|an integer from 1",
        "\"vendor.e\"|\"\"|target|missing",
        "\"price\":\"p\"|\"price\":\"q\"|price|an id of prices.json"
      })
  void what_is_wrong_with_an_embedding_model_is_named(
      String right, String wrong, String key, String allowed, @TempDir Path folder) {
    assertThat(EMBEDDING).contains(right);

    assertThatThrownBy(() -> read(folder, withEmbedding(EMBEDDING.replace(right, wrong))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("models.json: " + key + " of e")
        .hasMessageContaining(allowed);
  }

  private static String withSimilar(String embedding, String similar) {
    return withEmbedding(EMBEDDING.replace("\"price\"", embedding + "\"price\""))
        .replace("{\"id\":\"m\",", "{\"id\":\"m\",\"similar\":{" + similar + "},")
        .replace("{\"mode\":\"off\"}", "{\"mode\":\"deterministic\",\"ttlSeconds\":60}");
  }

  @Test
  void similar_questions_are_compared_at_the_given_threshold_else_at_the_measured_one(
      @TempDir Path folder) throws IOException {
    String given = "\"embedding\":\"e\",\"threshold\":0.97,\"ttlSeconds\":60";
    String measured = "\"embedding\":\"e\",\"ttlSeconds\":60";

    assertThat(similar(read(folder, withSimilar("\"similarThreshold\":0.9,", given))))
        .isEqualTo(0.97);
    assertThat(similar(read(folder, withSimilar("\"similarThreshold\":0.9,", measured))))
        .isEqualTo(0.9);
    assertThat(read(folder, model("off", "p")).find("m").orElseThrow().cache().similar()).isEmpty();
  }

  private static double similar(ModelCatalog catalog) {
    return catalog.find("m").orElseThrow().cache().similar().orElseThrow().threshold();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"embedding\":\"e\",\"ttlSeconds\":60|similar.threshold|none has been measured for e",
        "\"embedding\":\"e\",\"threshold\":0.5,\"ttlSeconds\":60|similar.threshold|above 0.5, 1 at"
            + " most",
        "\"embedding\":\"e\",\"threshold\":1.1,\"ttlSeconds\":60|similar.threshold|above 0.5, 1 at"
            + " most",
        "\"embedding\":\"m\",\"threshold\":0.9,\"ttlSeconds\":60|similar.embedding|must be one of"
            + " [e]",
        "\"embedding\":\"e\",\"threshold\":0.9|similar.ttlSeconds|an integer from 1 to 2592000"
      })
  void what_is_wrong_with_similar_is_named(
      String similar, String key, String allowed, @TempDir Path folder) {
    assertThatThrownBy(() -> read(folder, withSimilar("", similar)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("models.json: " + key + " of m")
        .hasMessageContaining(allowed);
  }

  @Test
  void similar_needs_a_cache_that_keeps_answers(@TempDir Path folder) {
    String models =
        withSimilar("", "\"embedding\":\"e\",\"threshold\":0.9,\"ttlSeconds\":60")
            .replace("deterministic", "off");

    assertThatThrownBy(() -> read(folder, models)).hasMessageContaining("cache.mode");
  }
}
