package dev.weir.authorizer;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.weir.store.DynamoDb;
import dev.weir.tenant.ApiKey;
import dev.weir.tenant.KeyOwner;
import dev.weir.tenant.TenantDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import org.crac.Core;
import org.crac.Resource;

/**
 * The REQUEST authorizer: turns {@code Authorization: Bearer <key>} into the tenant's and the key's
 * id. Unknown keys are denied by policy rather than by an error, so that API Gateway caches the
 * denial and no alarm counts it. What it says may be cached for up to a minute; revocation does not
 * wait for that, because every admission asserts the key again.
 */
public final class AuthorizerHandler implements RequestStreamHandler, Resource {

  private static final String BEARER = "Bearer ";

  private final Function<ApiKey, Optional<KeyOwner>> owners;

  /** Wired from the function's environment variables. */
  public AuthorizerHandler() {
    this(directory()::owner);
    Core.getGlobalContext().register(this);
  }

  AuthorizerHandler(Function<ApiKey, Optional<KeyOwner>> owners) {
    this.owners = owners;
  }

  private static TenantDirectory directory() {
    String table = System.getenv().getOrDefault("TENANTS_TABLE", "");
    if (table.isBlank()) {
      throw new IllegalArgumentException("TENANTS_TABLE must be set");
    }
    return TenantDirectory.of(
        new DynamoDb(System.getenv()).standard(), table, Clock.systemUTC(), new SecureRandom());
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    AuthorizerEvent event = AuthorizerEvent.read(input);
    Optional<KeyOwner> owner = key(event).flatMap(owners);
    output.write(owner.map(o -> Policy.allow(event, o)).orElseGet(() -> Policy.deny(event)));
  }

  /** More than one Authorization header is nobody's key. */
  private static Optional<ApiKey> key(AuthorizerEvent event) {
    return event
        .authorization()
        .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .flatMap(value -> ApiKey.parse(value.substring(BEARER.length()).strip()));
  }

  /** Makes the first call after a restore a warm one. */
  @Override
  public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
    var _ = owners.apply(ApiKey.create(new SecureRandom()));
  }

  @Override
  public void afterRestore(org.crac.Context<? extends Resource> context) {}
}
