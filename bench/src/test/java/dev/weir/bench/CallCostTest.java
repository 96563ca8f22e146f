package dev.weir.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.bench.CallCost.Prices;
import org.junit.jupiter.api.Test;

class CallCostTest {
  private static final Prices PRICES = new Prices(3.50, 0.20, 0.00002, 0.625, 0.125);

  @Test
  void lambda_costs_its_requests_and_memory_times_duration() {
    CallCost cost = CallCost.of(PRICES, 2048, 1_000, 0, 0);

    assertThat(cost.lambda()).isCloseTo(0.20 + 2 * 1_000_000 * 0.00002, within(1e-9));
  }

  @Test
  void a_begun_millisecond_is_billed() {
    assertThat(CallCost.of(PRICES, 1024, 10.01, 0, 0).lambda())
        .isEqualTo(CallCost.of(PRICES, 1024, 11, 0, 0).lambda());
  }

  @Test
  void dynamo_db_costs_its_units() {
    assertThat(CallCost.of(PRICES, 1024, 0, 3, 1).dynamoDb()).isCloseTo(2.0, within(1e-9));
  }

  @Test
  void the_total_is_the_sum_of_the_parts() {
    assertThat(CallCost.of(PRICES, 1024, 1_000, 2, 0).total())
        .isCloseTo(3.50 + 0.20 + 20 + 1.25, within(1e-9));
  }

  @Test
  void the_list_prices_give_the_example_of_the_cost_page() {
    assertThat(CallCost.of(Prices.US_EAST_1, 1024, 2_000, 3, 0).total())
        .isCloseTo(3.50 + 0.20 + 33.33 + 1.875, within(0.01));
  }
}
