import dev.weir.store.DynamoDb;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.Limits;
import dev.weir.tenant.TenantDirectory;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Makes a tenant that may send one request a minute in the given table, and prints its key. */
final class Seed {
  private Seed() {}

  public static void main(String[] arguments) {
    TenantDirectory tenants =
        TenantDirectory.of(
            DynamoDb.standard().build(), arguments[0], Clock.systemUTC(), new SecureRandom());
    OptionalLong none = OptionalLong.empty();
    Limits oneRequest =
        new Limits(OptionalLong.of(1), none, none, OptionalLong.of(1_000_000), none, none);
    tenants.create("ministack", oneRequest, EstimateMode.TOKENS);
    System.out.println(
        tenants
            .issueKey("ministack", Set.of(), Optional.empty())
            .orElseThrow()
            .key()
            .reveal());
  }
}
