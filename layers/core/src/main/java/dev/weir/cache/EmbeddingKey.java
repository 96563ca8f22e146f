package dev.weir.cache;

import dev.weir.api.EmbeddingRequest.InputType;
import dev.weir.hash.Sha256;
import dev.weir.route.EmbeddingModel;
import java.util.List;
import java.util.Optional;

/**
 * What makes two texts' vectors the same: the tenant, the model, the length, the use, the guards
 * and every character. Texts are not normalised: case and space change a vector.
 *
 * @param name of the item
 */
public record EmbeddingKey(String name) {

  /** Bumped when the stored form of a vector changes. */
  private static final String FORMAT = "1";

  /**
   * The key of one text.
   *
   * @param text as the guards have left it
   * @param guards the versions of the guards that judged it
   */
  public static EmbeddingKey of(
      String tenantId,
      EmbeddingModel model,
      int dimensions,
      Optional<InputType> inputType,
      String guards,
      String text) {
    StringBuilder canonical = new StringBuilder(text.length() + 128);
    for (String part :
        List.of(
            FORMAT,
            tenantId,
            model.id(),
            model.target(),
            Integer.toString(dimensions),
            inputType.map(InputType::text).orElse(""),
            guards,
            text)) {
      canonical.append(part.length()).append(':').append(part).append('\n');
    }
    return new EmbeddingKey(tenantId + "#vector#" + Sha256.hex(canonical.toString()));
  }
}
