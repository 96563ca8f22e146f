import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.embeddings.Embedding;
import com.openai.models.embeddings.EmbeddingCreateParams;
import java.util.List;
import java.util.stream.IntStream;

/** Vectors of texts; the nearer in meaning, the greater their product. */
class Embeddings {

  public static void main(String[] arguments) {
    OpenAIClient client = OpenAIOkHttpClient.fromEnv();
    try {
      var request =
          EmbeddingCreateParams.builder()
              .model(System.getenv().getOrDefault("EMBEDDING_MODEL", "minilm"))
              .inputOfArrayOfStrings(
                  List.of("A boat on the river.", "A ship upon the stream.", "Stock prices fell."))
              .build();
      List<List<Float>> vectors =
          client.embeddings().create(request).data().stream().map(Embedding::embedding).toList();
      double ship = product(vectors.get(0), vectors.get(1));
      double stocks = product(vectors.get(0), vectors.get(2));
      System.out.printf("boat and ship %.2f, boat and stocks %.2f%n", ship, stocks);
      if (ship <= stocks) {
        throw new AssertionError("a boat is nearer to stocks than to a ship");
      }
    } finally {
      client.close();
    }
  }

  private static double product(List<Float> one, List<Float> other) {
    return IntStream.range(0, one.size()).mapToDouble(i -> one.get(i) * other.get(i)).sum();
  }
}
