import com.openai.client.OpenAIClient;
import com.openai.errors.BadRequestException;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.Embedding;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams.EncodingFormat;
import java.util.List;

/** Embeddings: what the client asks for by itself, and the other encoding. */
final class Vectors {

  private static final List<String> TEXTS = List.of("one", "two", "three");

  private Vectors() {}

  static void served(OpenAIClient client) {
    CreateEmbeddingResponse found = client.embeddings().create(request().build());
    Expect.equal(found.data().stream().map(Embedding::index).toList(), List.of(0L, 1L, 2L));
    Expect.that(found.usage().promptTokens() > 0, "no tokens");
    for (EncodingFormat format : List.of(EncodingFormat.FLOAT, EncodingFormat.BASE64)) {
      Expect.equal(
          numbers(client.embeddings().create(request().encodingFormat(format).build())),
          numbers(found));
    }
    try {
      client.embeddings().create(request().dimensions(7).build());
    } catch (BadRequestException e) {
      Expect.equal(e.param().orElseThrow(), "dimensions");
      return;
    }
    throw new AssertionError("7 dimensions were served");
  }

  private static EmbeddingCreateParams.Builder request() {
    return EmbeddingCreateParams.builder().model("hash-embedding").inputOfArrayOfStrings(TEXTS);
  }

  private static List<List<Float>> numbers(CreateEmbeddingResponse found) {
    return found.data().stream().map(Embedding::embedding).toList();
  }
}
