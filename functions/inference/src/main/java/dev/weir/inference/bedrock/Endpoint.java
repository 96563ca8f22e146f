package dev.weir.inference.bedrock;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * Where Bedrock Runtime listens.
 *
 * @param base scheme, host, port and possibly a path
 * @param region the Region requests are signed for
 */
record Endpoint(URI base, String region) {

  /** The endpoint the SDK's own clients would find, by the same variables. */
  static Endpoint of(Map<String, String> environment) {
    String region =
        Optional.ofNullable(environment.get("AWS_REGION"))
            .orElseGet(() -> DefaultAwsRegionProviderChain.builder().build().getRegion().id());
    URI base =
        Optional.ofNullable(environment.get("AWS_ENDPOINT_URL_BEDROCK_RUNTIME"))
            .or(() -> Optional.ofNullable(environment.get("AWS_ENDPOINT_URL")))
            .map(URI::create)
            .orElseGet(() -> URI.create(host(region)));
    return new Endpoint(base, region);
  }

  private static String host(String region) {
    // ServiceMetadata would say the same, after loading a class for every service there is.
    return "https://bedrock-runtime."
        + region
        + "."
        + PartitionMetadata.of(Region.of(region)).dnsSuffix();
  }

  /** An unsigned request to one model, which may be named by an ARN. */
  SdkHttpRequest request(String modelId, boolean stream, int bodyLength) {
    return SdkHttpRequest.builder()
        .method(SdkHttpMethod.POST)
        .uri(base)
        .encodedPath(
            SdkHttpUtils.appendUri(
                Optional.ofNullable(base.getRawPath()).orElse(""),
                "/model/"
                    + SdkHttpUtils.urlEncode(modelId)
                    + (stream ? "/converse-stream" : "/converse")))
        .putHeader("Content-Type", "application/json")
        .putHeader("Content-Length", Integer.toString(bodyLength))
        .putHeader("Accept", stream ? "application/vnd.amazon.eventstream" : "application/json")
        .build();
  }
}
