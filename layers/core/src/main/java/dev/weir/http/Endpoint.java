package dev.weir.http;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * Where an AWS service listens.
 *
 * @param base scheme, host, port and possibly a path
 * @param region the Region requests are signed for
 */
public record Endpoint(URI base, String region) {

  /**
   * The endpoint the SDK's own clients would find: {@code AWS_ENDPOINT_URL_<SERVICE>}, else {@code
   * AWS_ENDPOINT_URL}, else the Region's own.
   *
   * @param service the first label of the service's host names, such as {@code bedrock-runtime}
   */
  public static Endpoint of(String service, Map<String, String> environment) {
    return of(service, service.toUpperCase(Locale.ROOT).replace('-', '_'), environment);
  }

  /**
   * The same for a service whose variable is not named after its host.
   *
   * @param variable what stands behind {@code AWS_ENDPOINT_URL_}
   */
  public static Endpoint of(String service, String variable, Map<String, String> environment) {
    String region =
        Optional.ofNullable(environment.get("AWS_REGION"))
            .orElseGet(() -> DefaultAwsRegionProviderChain.builder().build().getRegion().id());
    URI base =
        Optional.ofNullable(environment.get("AWS_ENDPOINT_URL_" + variable))
            .or(() -> Optional.ofNullable(environment.get("AWS_ENDPOINT_URL")))
            .map(URI::create)
            .orElseGet(() -> URI.create(host(service, region)));
    return new Endpoint(base, region);
  }

  private static String host(String service, String region) {
    // ServiceMetadata would say the same, after loading a class for every service there is.
    String suffix = PartitionMetadata.of(Region.of(region)).dnsSuffix();
    return "https://" + service + "." + region + "." + suffix;
  }

  /**
   * An unsigned request.
   *
   * @param path below the base, URL-encoded
   */
  public SdkHttpRequest.Builder post(String path, String contentType, int bodyLength) {
    return SdkHttpRequest.builder()
        .method(SdkHttpMethod.POST)
        .uri(base)
        .encodedPath(
            SdkHttpUtils.appendUri(Optional.ofNullable(base.getRawPath()).orElse(""), path))
        .putHeader("Content-Type", contentType)
        .putHeader("Content-Length", Integer.toString(bodyLength));
  }
}
