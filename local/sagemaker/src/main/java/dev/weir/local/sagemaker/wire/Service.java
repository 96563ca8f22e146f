package dev.weir.local.sagemaker.wire;

import java.util.Arrays;
import java.util.Optional;

/** The services the world answers for. */
public enum Service {
  SAGEMAKER("sagemaker", "SageMaker"),
  AUTO_SCALING("application-autoscaling", "AnyScaleFrontendService"),
  CLOUDWATCH("cloudwatch", "GraniteServiceVersion20100801");

  private final String signingName;
  private final String targetPrefix;
  private final ServiceModel model;

  Service(String signingName, String targetPrefix) {
    this.signingName = signingName;
    this.targetPrefix = targetPrefix;
    model = ServiceModel.load(signingName);
  }

  /** The service's name in EventBridge and in the world's ledger. */
  public String signingName() {
    return signingName;
  }

  public ServiceModel model() {
    return model;
  }

  /** The service an {@code X-Amz-Target} names. */
  public static Optional<Service> ofTarget(String target) {
    return Arrays.stream(values())
        .filter(service -> target.startsWith(service.targetPrefix + "."))
        .findFirst();
  }
}
