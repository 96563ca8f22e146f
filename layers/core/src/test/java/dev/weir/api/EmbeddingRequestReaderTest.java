package dev.weir.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.admission.TokenEstimate;
import dev.weir.api.EmbeddingRequest.Encoding;
import dev.weir.api.EmbeddingRequest.InputType;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddingRequestReaderTest {

  private static final EmbeddingRequestReader READER =
      new EmbeddingRequestReader(100_000, new TokenEstimate()::decode);

  private static Parsed<EmbeddingRequest> parsed(String body) {
    return READER.read(Bodies.bytes(body));
  }

  private static EmbeddingRequest read(String body) {
    return switch (parsed(body)) {
      case Parsed.Ok<EmbeddingRequest>(EmbeddingRequest request) -> request;
      case Parsed.Bad<EmbeddingRequest>(ApiError error) -> throw new AssertionError(error);
    };
  }

  private static ApiError refusal(String body) {
    return switch (parsed(body)) {
      case Parsed.Ok<EmbeddingRequest>(EmbeddingRequest request) ->
          throw new AssertionError(request);
      case Parsed.Bad<EmbeddingRequest>(ApiError error) -> error;
    };
  }

  @Test
  void a_text_and_texts_are_read_in_their_order() {
    assertThat(read("{'model':'m','input':'one'}").inputs()).containsExactly("one");
    assertThat(read("{'model':'m','input':['b','a','b']}").inputs()).containsExactly("b", "a", "b");
  }

  @Test
  void token_ids_become_the_text_they_stand_for() {
    assertThat(read("{'model':'m','input':[15339,1917]}").inputs()).containsExactly("hello world");
    assertThat(read("{'model':'m','input':[[15339],[1917]]}").inputs())
        .containsExactly("hello", " world");
  }

  @Test
  void every_parameter_is_read() {
    EmbeddingRequest request =
        read(
            "{'model':'m','input':'a','encoding_format':'base64','dimensions':256,'user':'u','input_type':'search_query'}");

    assertThat(request.encoding()).isEqualTo(Encoding.BASE64);
    assertThat(request.dimensions()).hasValue(256);
    assertThat(request.inputType()).contains(InputType.SEARCH_QUERY);
    assertThat(request.ignored()).containsExactly("user");
  }

  @Test
  void what_is_left_out_or_null_is_openais_default() {
    EmbeddingRequest request =
        read("{'model':'m','input':'a','encoding_format':null,'dimensions':null,'user':null}");

    assertThat(request.encoding()).isEqualTo(Encoding.FLOAT);
    assertThat(request.dimensions()).isEmpty();
    assertThat(request.inputType()).isEmpty();
    assertThat(request.ignored()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'input':'a' | model | missing_required_parameter",
        "'model':'m' | input | missing_required_parameter",
        "'model':'m','input':'' | input | invalid_value",
        "'model':'m','input':[] | input | invalid_value",
        "'model':'m','input':['a',''] | input[1] | invalid_value",
        "'model':'m','input':['a',7] | input[1] | invalid_type",
        "'model':'m','input':[null] | input[0] | invalid_type",
        "'model':'m','input':[[]] | input[0] | invalid_value",
        "'model':'m','input':[1,'a'] | input[1] | invalid_type",
        "'model':'m','input':[[1.5]] | input[0][0] | invalid_type",
        "'model':'m','input':[-1] | input | invalid_value",
        "'model':'m','input':[99999999999] | input | invalid_value",
        "'model':'m','input':[100257] | input | invalid_value",
        "'model':'m','input':[160] | input | invalid_value",
        "'model':'m','input':{} | input | invalid_type",
        "'model':'m','input':'a','encoding_format':'int8' | encoding_format | invalid_value",
        "'model':'m','input':'a','dimensions':0 | dimensions | invalid_value",
        "'model':'m','input':'a','dimensions':100000 | dimensions | invalid_value",
        "'model':'m','input':'a','dimensions':'256' | dimensions | invalid_type",
        "'model':'m','input':'a','user':1 | user | invalid_type",
        "'model':'m','input':'a','input_type':'image' | input_type | invalid_value",
        "'model':'m','input':'a','truncate':'END' | truncate | unknown_parameter",
      })
  void what_is_wrong_is_refused_by_name(String fields, String param, String code) {
    ApiError error = refusal("{" + fields + "}");

    assertThat(error.status()).isEqualTo(400);
    assertThat(error.param()).contains(param);
    assertThat(error.code()).isEqualTo(code);
  }

  @Test
  void as_many_inputs_as_openai_takes_are_read_and_no_more() {
    assertThat(read(many(EmbeddingRequestReader.MAX_INPUTS)).inputs())
        .hasSize(EmbeddingRequestReader.MAX_INPUTS);
    assertThat(refusal(many(EmbeddingRequestReader.MAX_INPUTS + 1)).param()).contains("input");
  }

  private static String many(int inputs) {
    return IntStream.range(0, inputs)
        .mapToObj(i -> "'" + i + "'")
        .collect(Collectors.joining(",", "{'model':'m','input':[", "]}"));
  }

  @Test
  void a_body_that_is_too_large_is_refused_unread() {
    assertThat(refusal(" ".repeat(100_001)).status()).isEqualTo(413);
  }

  @Test
  void no_body_throws() {
    Random random = new Random(7);
    String alphabet = "{}[]\"':,abinputmodel0123.-e\\ ";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder body = new StringBuilder("{'model':'m','input':");
      for (int length = random.nextInt(20); length > 0; length--) {
        body.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      if (parsed(body.append("}").toString())
          instanceof Parsed.Ok<EmbeddingRequest>(EmbeddingRequest request)) {
        assertThat(request.inputs()).isNotEmpty().noneMatch(String::isEmpty);
      }
    }
  }
}
