package dev.weir.route;

import dev.weir.ledger.Price;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One place a model can be asked at: a model of the catalog has its own and, in order, those that
 * stand in for it.
 *
 * @param id Bedrock model id, inference profile id or ARN, or a {@link SageMakerTarget}
 * @param contextTokens prompt and completion together
 * @param maxOutputTokens the most it can write
 * @param models the models of the catalog whose own target this is: an allow-list that names none
 *     of them does not allow it
 * @param promptCache how it keeps prompts
 */
public record Target(
    Kind kind,
    String id,
    Price price,
    long contextTokens,
    long maxOutputTokens,
    boolean images,
    boolean tools,
    Step step,
    Set<String> models,
    PromptCache promptCache) {

  private static final Pattern PROFILE_ID =
      Pattern.compile(
          "(us|us-gov|eu|apac|jp|au|ca|global)\\..+|arn:[^/]+:[a-z-]*inference-profile/.+");
  private static final Pattern PROVISIONED_ARN = Pattern.compile("arn:[^/]+:provisioned-model/.+");

  /** Where it is served. */
  public enum Kind {
    /** A model of this Region, by its id. */
    ON_DEMAND("on-demand"),
    /** An inference profile, which chooses among Regions. */
    INFERENCE_PROFILE("inference-profile"),
    /** Provisioned Throughput, by its ARN. */
    PROVISIONED("provisioned"),
    /**
     * A SageMaker endpoint or one of its inference components, as {@link SageMakerTarget} has it.
     */
    SAGEMAKER("sagemaker");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** The kind a target of this id is of. */
    public static Kind of(String id) {
      if (id.startsWith(SageMakerTarget.PREFIX)) {
        return SAGEMAKER;
      }
      if (PROVISIONED_ARN.matcher(id).matches()) {
        return PROVISIONED;
      }
      return PROFILE_ID.matcher(id).matches() ? INFERENCE_PROFILE : ON_DEMAND;
    }

    static Optional<Kind> find(String text) {
      return Arrays.stream(values()).filter(kind -> kind.text.equals(text)).findFirst();
    }

    static List<String> texts() {
      return Arrays.stream(values()).map(Kind::text).toList();
    }

    /** As the catalog has it. */
    public String text() {
      return text;
    }
  }

  /** How far an answer from here falls short of what was asked for. */
  public enum Step {
    /** The model's own target. */
    NONE("none"),
    /** The same model elsewhere. */
    SAME_MODEL("same-model"),
    /** A smaller model. */
    SMALLER_MODEL("smaller-model");

    private final String text;

    Step(String text) {
      this.text = text;
    }

    static Optional<Step> find(String text) {
      return Arrays.stream(values())
          .filter(step -> step != NONE && step.text.equals(text))
          .findFirst();
    }

    static List<String> texts() {
      return Arrays.stream(values()).filter(step -> step != NONE).map(Step::text).toList();
    }

    /** As the catalog, the reply header and the ledger have it. */
    public String text() {
      return text;
    }
  }
}
