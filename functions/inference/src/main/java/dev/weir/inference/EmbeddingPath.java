package dev.weir.inference;

import dev.weir.api.EmbeddingListWriter;
import dev.weir.api.EmbeddingRequest.Encoding;
import dev.weir.api.EmbeddingRequestReader;
import dev.weir.inference.bedrock.InvokeModelClient;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What {@link Priming} runs of a request for vectors.
 *
 * @param bedrock which is not asked
 */
record EmbeddingPath(EmbeddingRequestReader reader, InvokeModelClient bedrock) implements Runnable {

  private static final byte[] REQUEST =
      "{\"model\":\"none\",\"input\":[\"a\",[1]],\"encoding_format\":\"base64\"}"
          .getBytes(StandardCharsets.UTF_8);

  @Override
  public void run() {
    reader.read(REQUEST);
    EmbeddingListWriter.bytes("none", List.of(new float[] {1}), Encoding.BASE64, 1);
    bedrock.prime();
  }
}
