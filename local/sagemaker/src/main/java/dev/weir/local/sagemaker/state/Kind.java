package dev.weir.local.sagemaker.state;

import java.util.regex.Pattern;

/** The kinds of SageMaker resources, and how the API names their members. */
public enum Kind {
  ENDPOINT("Endpoint", "endpoint", "Endpoints"),
  ENDPOINT_CONFIG("EndpointConfig", "endpoint-config", "EndpointConfigs"),
  MODEL("Model", "model", "Models"),
  INFERENCE_COMPONENT("InferenceComponent", "inference-component", "InferenceComponents"),
  NOTEBOOK_INSTANCE("NotebookInstance", "notebook-instance", "NotebookInstances"),
  DOMAIN("Domain", "domain", "Domains"),
  APP("App", "app", "Apps"),
  TRAINING_JOB("TrainingJob", "training-job", "TrainingJobSummaries"),
  TUNING_JOB(
      "HyperParameterTuningJob", "hyper-parameter-tuning-job", "HyperParameterTuningJobSummaries"),
  PROCESSING_JOB("ProcessingJob", "processing-job", "ProcessingJobSummaries"),
  TRANSFORM_JOB("TransformJob", "transform-job", "TransformJobSummaries"),
  OPTIMIZATION_JOB("OptimizationJob", "optimization-job", "OptimizationJobSummaries"),
  MODEL_PACKAGE_GROUP("ModelPackageGroup", "model-package-group", "ModelPackageGroupSummaryList"),
  MODEL_PACKAGE("ModelPackage", "model-package", "ModelPackageSummaryList");

  private final String noun;
  private final String path;
  private final String listMember;

  Kind(String noun, String path, String listMember) {
    this.noun = noun;
    this.path = path;
    this.listMember = listMember;
  }

  /** The noun in the names of operations and members, such as {@code Endpoint}. */
  public String noun() {
    return noun;
  }

  /** The noun in an ARN and in a path, such as {@code endpoint-config}. */
  public String path() {
    return path;
  }

  /** Where a List operation puts the summaries. */
  public String listMember() {
    return listMember;
  }

  public String nameMember() {
    return this == DOMAIN ? "DomainId" : noun + "Name";
  }

  public String arnMember() {
    return noun + "Arn";
  }

  /** Where the status stands; endpoint configurations and models have none. */
  public String statusMember() {
    return this == APP || this == DOMAIN ? "Status" : noun + "Status";
  }

  /** What the names of a kind look like where people write them; those within others are paths. */
  public Pattern names() {
    String word = "[A-Za-z0-9](-*[A-Za-z0-9_.]){0,62}";
    return Pattern.compile(
        switch (this) {
          case APP -> word + "(/" + word + "){3}";
          case MODEL_PACKAGE -> word + "/[1-9][0-9]{0,8}";
          default -> word;
        });
  }

  /** Whether a List gives the newest first unless told otherwise. */
  boolean newestFirst() {
    return switch (this) {
      case ENDPOINT, ENDPOINT_CONFIG, MODEL, INFERENCE_COMPONENT, TRANSFORM_JOB -> true;
      case NOTEBOOK_INSTANCE,
          DOMAIN,
          APP,
          TRAINING_JOB,
          TUNING_JOB,
          PROCESSING_JOB,
          OPTIMIZATION_JOB,
          MODEL_PACKAGE_GROUP,
          MODEL_PACKAGE ->
          false;
    };
  }
}
