package dev.weir.local.sagemaker.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What SageMaker tells EventBridge of a change ("Automating SageMaker with EventBridge"). An
 * endpoint's status is in upper case there, a job's is not.
 */
final class StateEvents {
  private static final List<String> TIMES =
      List.of(
          "CreationTime",
          "LastModifiedTime",
          "TrainingStartTime",
          "TrainingEndTime",
          "ProcessingStartTime",
          "ProcessingEndTime",
          "TransformStartTime",
          "TransformEndTime",
          "HyperParameterTuningStartTime",
          "HyperParameterTuningEndTime");

  private StateEvents() {}

  /** The detail type without {@code State Change}, and the detail. */
  record Detail(String type, ObjectNode detail) {}

  static Optional<Detail> of(Resource resource) {
    return switch (resource.kind()) {
      case ENDPOINT -> Optional.of(new Detail("SageMaker Endpoint", endpoint(resource)));
      case TRAINING_JOB -> detail("SageMaker Training Job", resource);
      case TUNING_JOB -> detail("SageMaker HyperParameter Tuning Job", resource);
      case PROCESSING_JOB -> detail("SageMaker Processing Job", resource);
      case TRANSFORM_JOB -> detail("SageMaker Transform Job", resource);
      case MODEL_PACKAGE -> detail("SageMaker Model Package", resource);
      case ENDPOINT_CONFIG,
          MODEL,
          INFERENCE_COMPONENT,
          NOTEBOOK_INSTANCE,
          DOMAIN,
          APP,
          OPTIMIZATION_JOB,
          MODEL_PACKAGE_GROUP ->
          Optional.empty();
    };
  }

  private static Optional<Detail> detail(String type, Resource resource) {
    return Optional.of(new Detail(type, millis(resource.data().deepCopy())));
  }

  private static ObjectNode endpoint(Resource resource) {
    ObjectNode detail = resource.data().deepCopy();
    detail.put("EndpointStatus", upperSnake(resource.status()));
    detail.remove(List.of("PendingDeploymentSummary", "LastDeploymentConfig"));
    detail.putObject("Tags");
    return millis(detail);
  }

  private static ObjectNode millis(ObjectNode detail) {
    for (String name : TIMES) {
      JsonNode time = detail.path(name);
      if (time.isTextual()) {
        detail.put(name, Instant.parse(time.asText()).toEpochMilli());
      }
    }
    return detail;
  }

  private static String upperSnake(String status) {
    return status.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
  }
}
