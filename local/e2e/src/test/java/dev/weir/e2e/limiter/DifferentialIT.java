package dev.weir.e2e.limiter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.store.InMemoryDynamo;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The same random operations of the real limiter on the fake the simulations stand on and on
 * DynamoDB Local: every answer and both final items must be equal.
 */
class DifferentialIT {

  private static final int SEEDS = 3;
  private static final int OPERATIONS = 400;
  private static final int MOST_BYTES = 4096;

  private final AtomicInteger longestExpression = new AtomicInteger();
  private final DynamoDbProcess database = DynamoDbProcess.start();

  /** The worlds live in a time of their own: hide DynamoDB Local's from the clock guard. */
  private final DynamoDbClient local =
      new Watched(
          DynamoDbProcess.dynamoDb(database.endpoint(), AlteredReplies.undated())
              .limiter(Duration.ofSeconds(30)),
          this::measure,
          response -> {});

  DifferentialIT() throws IOException {}

  @AfterEach
  void stop() throws IOException {
    local.close();
    database.close();
  }

  @Test
  void the_fake_and_dynamodb_local_never_differ() {
    int denied = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      World fake = new World("t" + seed, seed, InMemoryDynamo::new);
      World real = new World("t" + seed, seed, clock -> local);
      for (int operation = 0; operation < OPERATIONS; operation++) {
        String expected = fake.next();
        assertThat(real.next()).as("operation %d of seed %d", operation, seed).isEqualTo(expected);
        denied += expected.contains("Rejected") ? 1 : 0;
      }
      assertThat(real.item()).isEqualTo(fake.item());
      assertThat(real.alarms()).isEmpty();
    }
    System.out.printf(
        "differential: %d operations with %d denials: 0 answers differ, final items equal%n",
        SEEDS * OPERATIONS, denied);
    assertThat(denied).isBetween(SEEDS * OPERATIONS / 20, SEEDS * OPERATIONS / 2);
  }

  @Test
  void they_never_differ_on_shards_that_come_and_go() {
    int denied = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      World fake = new World("hot" + seed, seed, InMemoryDynamo::new).sharded();
      World real = new World("hot" + seed, seed, clock -> local).sharded();
      for (int operation = 0; operation < OPERATIONS; operation++) {
        String expected = fake.next();
        assertThat(real.next()).as("operation %d of seed %d", operation, seed).isEqualTo(expected);
        denied += expected.contains("Rejected") ? 1 : 0;
      }
      assertThat(real.items()).isEqualTo(fake.items());
      assertThat(real.alarms()).isEmpty();
    }
    System.out.printf(
        "differential: %d operations on shards with %d denials: 0 answers differ, items equal%n",
        SEEDS * OPERATIONS, denied);
    assertThat(denied).isPositive();
  }

  @Test
  void the_longest_clean_up_stays_under_the_expression_limit() {
    World fake = new World("idle", 9, InMemoryDynamo::new);
    World real = new World("idle", 9, clock -> local);
    fake.fillEverySlot();
    real.fillEverySlot();
    int before = real.item().size();
    fake.wake();
    real.wake();
    int removed = before - real.item().size();
    System.out.printf(
        "differential: longest expression %d of at most %d bytes, %d names fewer%n",
        longestExpression.get(), MOST_BYTES, removed);

    assertThat(real.item()).isEqualTo(fake.item());
    assertThat(removed).isGreaterThan(170);
    assertThat(longestExpression.get()).isLessThan(MOST_BYTES);
    assertThat(real.alarms()).isEmpty();
  }

  private void measure(DynamoDbRequest request) {
    if (request instanceof UpdateItemRequest update) {
      List.of(update.updateExpression(), update.conditionExpression())
          .forEach(text -> longestExpression.accumulateAndGet(text.length(), Math::max));
    }
  }
}
