package dev.weir.http;

import java.util.Optional;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;

/** Signs the requests to one service with Signature Version 4. Thread-safe. */
public final class Signing {
  private final String service;
  private final String region;
  private final IdentityProvider<? extends AwsCredentialsIdentity> credentials;
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

  /**
   * Signing for one service.
   *
   * @param service the name to sign for, which may not be that of its host
   */
  public Signing(
      String service,
      String region,
      IdentityProvider<? extends AwsCredentialsIdentity> credentials) {
    this.service = service;
    this.region = region;
    this.credentials = credentials;
  }

  /** The request with its signature and body. */
  public HttpExecuteRequest sign(SdkHttpRequest request, byte[] body) {
    ContentStreamProvider payload = ContentStreamProvider.fromByteArray(body);
    SignedRequest signed = signed(request, Optional.of(payload));
    return HttpExecuteRequest.builder()
        .request(signed.request())
        .contentStreamProvider(signed.payload().orElse(payload))
        .build();
  }

  /** A request without a body, with its signature. */
  public HttpExecuteRequest sign(SdkHttpRequest request) {
    return HttpExecuteRequest.builder()
        .request(signed(request, Optional.empty()).request())
        .build();
  }

  private SignedRequest signed(SdkHttpRequest request, Optional<ContentStreamProvider> payload) {
    AwsCredentialsIdentity identity = credentials.resolveIdentity().join();
    return signer.sign(sign -> {
      sign.identity(identity)
          .request(request)
          .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, service)
          .putProperty(AwsV4HttpSigner.REGION_NAME, region);
      payload.ifPresent(sign::payload);
    });
  }
}
