package dev.weir.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BudgetMarksTest {

  private static final int MARKS = 3;
  private static final int MOST = 10_000;

  private final Stage stage = new Stage(Limits.NONE);
  private final List<BudgetMark> noted = new ArrayList<>();
  private final TenantLimiter limiter =
      new TenantLimiter(
          stage.dynamo,
          Stage.TABLE,
          stage::instant,
          () -> 0,
          Some.DEPLOYED,
          stage.alarms::add,
          noted::add);

  /** Spends the whole of a tenant's day, or is refused because it is spent. */
  private void spend(int tenant, String key) {
    Ask ask = new Ask("t" + tenant, key, "call", Stage.MODEL, 1, 1, Duration.ofSeconds(60));
    if (limiter.reserve(ask) instanceof Decision.Admitted admitted) {
      limiter.settle(admitted.reservation(), 1, 1);
    }
  }

  private String create(int tenant) {
    OptionalLong none = OptionalLong.empty();
    stage.directory.create(
        "t" + tenant,
        new Limits(none, none, none, OptionalLong.of(1), none, none),
        EstimateMode.TOKENS);
    return stage.directory.issueKey("t" + tenant, Set.of(), Optional.empty()).orElseThrow().keyId();
  }

  @Test
  void ten_thousand_marks_are_remembered_and_the_oldest_forgotten() {
    int tenants = MOST / MARKS + MARKS;
    List<String> keys = new ArrayList<>();
    for (int tenant = 0; tenant < tenants; tenant++) {
      keys.add(create(tenant));
      spend(tenant, keys.getLast());
    }
    assertThat(noted).hasSize(tenants * MARKS);

    noted.clear();
    spend(tenants - 1, keys.getLast());
    assertThat(noted).isEmpty();
    spend(0, keys.getFirst());
    assertThat(noted).isNotEmpty();
  }
}
