package dev.weir.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.api.EmbeddingRequest.Encoding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EmbeddingListWriterTest {

  private static JsonNode written(List<float[]> vectors, Encoding encoding) throws IOException {
    return new ObjectMapper().readTree(EmbeddingListWriter.bytes("m", vectors, encoding, 9));
  }

  @Test
  void the_body_is_openais_list() throws IOException {
    assertThat(written(List.of(new float[] {0.5f, -1}, new float[] {2, 0}), Encoding.FLOAT))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"object":"list","data":[
                      {"object":"embedding","index":0,"embedding":[0.5,-1.0]},
                      {"object":"embedding","index":1,"embedding":[2.0,0.0]}],
                     "model":"m","usage":{"prompt_tokens":9,"total_tokens":9}}
                    """));
  }

  /** What the clients do: numbers are doubles, base64 is little-endian 32-bit floats. */
  @Test
  void both_encodings_are_the_same_vector_bit_for_bit() throws IOException {
    Random random = new Random(11);
    float[] vector = new float[1024];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (random.nextGaussian() * Math.pow(10, -random.nextInt(12)));
    }

    JsonNode numbers = written(List.of(vector), Encoding.FLOAT).at("/data/0/embedding");
    ByteBuffer bytes =
        ByteBuffer.wrap(
                Base64.getDecoder()
                    .decode(
                        written(List.of(vector), Encoding.BASE64).at("/data/0/embedding").asText()))
            .order(ByteOrder.LITTLE_ENDIAN);

    for (int i = 0; i < vector.length; i++) {
      assertThat(Double.doubleToRawLongBits(numbers.get(i).doubleValue()))
          .isEqualTo(Double.doubleToRawLongBits(bytes.getFloat()))
          .isEqualTo(Double.doubleToRawLongBits(vector[i]));
    }
    assertThat(bytes.hasRemaining()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Encoding.class)
  void no_body_is_longer_than_its_bound(Encoding encoding) {
    float[] longest = new float[384];
    java.util.Arrays.fill(longest, -1.17549435E-38f);

    byte[] body =
        EmbeddingListWriter.bytes("m".repeat(64), List.of(longest, longest), encoding, 1_000_000);

    assertThat((long) body.length).isLessThanOrEqualTo(EmbeddingListWriter.bound(2, 384, encoding));
  }
}
