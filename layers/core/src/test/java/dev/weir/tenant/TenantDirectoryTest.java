package dev.weir.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.store.InMemoryDynamo;
import dev.weir.store.Network;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TenantDirectoryTest {

  private static final String TABLE = "tenants";
  private static final Limits LIMITS =
      new Limits(
          OptionalLong.of(1),
          OptionalLong.of(2),
          OptionalLong.of(3),
          OptionalLong.of(4),
          OptionalLong.of(5),
          OptionalLong.of(6));

  private Instant now = Instant.parse("2027-03-14T12:00:00Z");
  private final InMemoryDynamo dynamo = new InMemoryDynamo(() -> now);
  private final TenantDirectory directory =
      TenantDirectory.of(dynamo, TABLE, () -> now, new Random(1));

  @Test
  void a_created_tenant_is_active_with_its_limits_and_without_keys() {
    assertThat(directory.create("acme", LIMITS, EstimateMode.BYTES)).isTrue();

    assertThat(directory.tenant("acme"))
        .contains(
            new Tenant(
                "acme",
                Tenant.Status.ACTIVE,
                EstimateMode.BYTES,
                LIMITS,
                1,
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                1,
                AtBudget.NOTIFY,
                SessionRule.STACK));
  }

  @Test
  void capture_lasts_until_the_second_it_was_asked_for() {
    directory.create("acme", LIMITS, EstimateMode.BYTES);
    assertThat(directory.capture("acme", Optional.of(now.plusSeconds(60)))).isTrue();

    Tenant tenant = directory.tenant("acme").orElseThrow();
    assertThat(tenant.isCaptured(now.plusSeconds(59))).isTrue();
    assertThat(tenant.isCaptured(now.plusSeconds(60))).isFalse();
    directory.capture("acme", Optional.empty());
    assertThat(directory.tenant("acme").orElseThrow().isCaptured(now)).isFalse();
  }

  @Test
  void a_taken_id_is_not_created_again() {
    directory.create("acme", LIMITS, EstimateMode.TOKENS);

    assertThat(directory.create("acme", Limits.NONE, EstimateMode.TOKENS)).isFalse();
    assertThat(directory.tenant("acme").map(Tenant::limits)).contains(LIMITS);
  }

  @Test
  void a_creation_whose_reply_is_lost_has_succeeded() {
    assertThat(losingOneReply().create("acme", LIMITS, EstimateMode.TOKENS)).isTrue();
  }

  @Test
  void changed_limits_replace_all_limits_and_raise_the_version() {
    directory.create("acme", LIMITS, EstimateMode.TOKENS);
    Limits fewer =
        new Limits(
            OptionalLong.of(10),
            OptionalLong.empty(),
            OptionalLong.of(30),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty());

    assertThat(directory.changeLimits("acme", fewer)).isTrue();
    assertThat(directory.tenant("acme").map(Tenant::limits)).contains(fewer);
    assertThat(directory.tenant("acme").map(Tenant::version)).contains(2L);
  }

  @Test
  void suspending_and_activating_change_the_status() {
    directory.create("acme", LIMITS, EstimateMode.TOKENS);

    assertThat(directory.suspend("acme")).isTrue();
    assertThat(directory.tenant("acme").map(Tenant::status)).contains(Tenant.Status.SUSPENDED);
    assertThat(directory.activate("acme")).isTrue();
    assertThat(directory.tenant("acme").map(Tenant::status)).contains(Tenant.Status.ACTIVE);
    assertThat(directory.tenant("acme").map(Tenant::version)).contains(3L);
  }

  @Test
  void nothing_can_be_done_to_an_unknown_tenant() {
    assertThat(directory.tenant("nobody")).isEmpty();
    assertThat(directory.spend("nobody")).isEmpty();
    assertThat(directory.changeLimits("nobody", LIMITS)).isFalse();
    assertThat(directory.suspend("nobody")).isFalse();
    assertThat(directory.issueKey("nobody", Set.of(), Optional.empty())).isEmpty();
    assertThat(directory.rotateKey("nobody", "k", Optional.empty())).isEmpty();
    assertThat(directory.revokeKey("nobody", "k")).isFalse();
    assertThat(dynamo.item(TABLE, "T#nobody")).isEmpty();
  }

  @Test
  void an_issued_key_is_known_by_its_secret_and_stored_without_it() {
    directory.create("acme", LIMITS, EstimateMode.TOKENS);
    IssuedKey issued =
        directory
            .issueKey("acme", Set.of("nova-lite"), Optional.of(now.plusSeconds(60)))
            .orElseThrow();

    assertThat(directory.owner(issued.key())).contains(new KeyOwner("acme", issued.keyId()));
    assertThat(directory.tenant("acme").orElseThrow().keys())
        .containsOnly(
            Map.entry(
                issued.keyId(),
                new Tenant.Key(Optional.of(now.plusSeconds(60)), Set.of("nova-lite"))));
    assertThat(dynamo.item(TABLE, "T#acme").toString())
        .doesNotContain(issued.key().reveal().substring(5));
  }

  @Test
  void an_unknown_key_has_no_owner() {
    assertThat(directory.owner(ApiKey.create(new Random(2)))).isEmpty();
  }

  @Test
  void a_key_has_no_owner_from_the_second_it_expires() {
    directory.create("acme", LIMITS, EstimateMode.TOKENS);
    ApiKey key =
        directory.issueKey("acme", Set.of(), Optional.of(now.plusSeconds(60))).orElseThrow().key();
    now = now.plusSeconds(59);
    assertThat(directory.owner(key)).isPresent();
    now = now.plusSeconds(1);

    assertThat(directory.owner(key)).isEmpty();
  }

  @Test
  void a_revoked_key_has_no_owner_and_is_gone_from_the_tenant() {
    directory.create("acme", LIMITS, EstimateMode.TOKENS);
    IssuedKey issued = directory.issueKey("acme", Set.of(), Optional.empty()).orElseThrow();

    assertThat(directory.revokeKey("acme", issued.keyId())).isTrue();
    assertThat(directory.owner(issued.key())).isEmpty();
    assertThat(directory.tenant("acme").orElseThrow().keys()).isEmpty();
    assertThat(directory.revokeKey("acme", issued.keyId())).isFalse();
  }

  @Test
  void a_rotated_key_takes_over_the_allow_list_and_leaves_other_keys_alone() {
    directory.create("acme", LIMITS, EstimateMode.TOKENS);
    IssuedKey old = directory.issueKey("acme", Set.of("a", "b"), Optional.empty()).orElseThrow();
    IssuedKey other = directory.issueKey("acme", Set.of(), Optional.empty()).orElseThrow();

    IssuedKey fresh = directory.rotateKey("acme", old.keyId(), Optional.empty()).orElseThrow();

    assertThat(directory.owner(old.key())).isEmpty();
    assertThat(directory.owner(other.key())).isPresent();
    assertThat(directory.owner(fresh.key())).contains(new KeyOwner("acme", fresh.keyId()));
    assertThat(directory.tenant("acme").orElseThrow().keys())
        .containsOnlyKeys(other.keyId(), fresh.keyId())
        .containsEntry(fresh.keyId(), new Tenant.Key(Optional.empty(), Set.of("a", "b")));
  }

  @Test
  void a_new_tenant_has_spent_nothing() {
    directory.create("acme", LIMITS, EstimateMode.TOKENS);

    assertThat(directory.spend("acme")).contains(new Spend(0, 0, 0, 0, 0, 0));
  }

  private TenantDirectory losingOneReply() {
    Network network =
        new Network() {
          private boolean lost;

          @Override
          public boolean reply() {
            boolean arrives = lost;
            lost = true;
            return arrives;
          }
        };
    return TenantDirectory.of(dynamo.through(network), TABLE, () -> now, new Random(1));
  }
}
