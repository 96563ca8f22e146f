package dev.weir.inference.bedrock;

import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;

/** Signs requests with Signature Version 4 for the service {@code bedrock}. */
final class Signing {
  private final String region;
  private final IdentityProvider<? extends AwsCredentialsIdentity> credentials;
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

  Signing(String region, IdentityProvider<? extends AwsCredentialsIdentity> credentials) {
    this.region = region;
    this.credentials = credentials;
  }

  HttpExecuteRequest sign(SdkHttpRequest request, byte[] body) {
    AwsCredentialsIdentity identity = credentials.resolveIdentity().join();
    ContentStreamProvider payload = ContentStreamProvider.fromByteArray(body);
    SignedRequest signed =
        signer.sign(sign ->
            sign.identity(identity)
                .request(request)
                .payload(payload)
                .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "bedrock")
                .putProperty(AwsV4HttpSigner.REGION_NAME, region));
    return HttpExecuteRequest.builder()
        .request(signed.request())
        .contentStreamProvider(signed.payload().orElse(payload))
        .build();
  }
}
