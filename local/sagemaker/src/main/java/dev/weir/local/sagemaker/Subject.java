package dev.weir.local.sagemaker;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What a request is about: the name that faults and the ledger know it by. */
final class Subject {
  private static final List<String> NAMES =
      List.of(
          "InferenceComponentName",
          "EndpointName",
          "EndpointConfigName",
          "NotebookInstanceName",
          "AppName",
          "TrainingJobName",
          "HyperParameterTuningJobName",
          "ProcessingJobName",
          "TransformJobName",
          "OptimizationJobName",
          "ModelPackageArn",
          "ModelPackageName",
          "ModelPackageGroupName",
          "ModelName",
          "ResourceArn",
          "ResourceARN",
          "ResourceId",
          "AlarmName",
          "Namespace");

  private Subject() {}

  static String of(JsonNode request) {
    return NAMES.stream()
        .filter(request::has)
        .findFirst()
        .map(name -> request.path(name).asText())
        .orElse("");
  }
}
