package dev.weir.local.sagemaker.state;

/** Amazon Resource Names of one account in one region. */
public record Arns(String region, String account) {

  /** Of a SageMaker resource. */
  public String sagemaker(Kind kind, String name) {
    return of("sagemaker", kind.path() + "/" + name);
  }

  /** Of a CloudWatch alarm. */
  public String alarm(String name) {
    return of("cloudwatch", "alarm:" + name);
  }

  /** Of anything. */
  public String of(String service, String resource) {
    return "arn:aws:" + service + ":" + region + ":" + account + ":" + resource;
  }
}
