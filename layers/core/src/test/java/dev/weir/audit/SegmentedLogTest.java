package dev.weir.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.audit.AuditLog.Recorded;
import dev.weir.store.AuditTable;
import dev.weir.store.Cable;
import dev.weir.store.InMemoryDynamo;
import dev.weir.telemetry.Emitted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class SegmentedLogTest {

  private final Time time = new Time();
  private final InMemoryDynamo dynamo = new InMemoryDynamo(time);
  private final Lines lines = new Lines();
  private final Cable way = new Cable();
  private final AtomicInteger ids = new AtomicInteger();
  private final SegmentedLog log = environment(dynamo.through(way));

  private SegmentedLog environment(DynamoDbClient client) {
    return new SegmentedLog(
        new Chains(
            new AuditTable(client, "audit"),
            Optional.empty(),
            time,
            () -> "s" + ids.incrementAndGet(),
            new Random(1)),
        time,
        lines.log());
  }

  private static AuditEntry entry(String trace) {
    return Entries.of("acme", trace, new Random(1));
  }

  private Report verify(List<String> bodies) {
    return new Verifier(new AuditTable(dynamo, "audit"), time)
        .verify(
            "acme",
            new Verifier.Span(Instant.EPOCH, Instant.MAX),
            Optional.empty(),
            kept -> bodies.add(kept.body()));
  }

  private List<String> sound() {
    List<String> bodies = new ArrayList<>();
    assertThat(verify(bodies).flaw()).isEmpty();
    return bodies;
  }

  @Test
  void an_entry_costs_one_request_once_its_segment_is_open() {
    log.record(entry("r1"));
    int opening = way.carriedOut.getAndSet(0);

    assertThat(log.record(entry("r2"))).isInstanceOf(Recorded.Written.class);
    assertThat(way.carriedOut).hasValue(1);
    assertThat(opening).isEqualTo(3);
  }

  @Test
  void the_canonical_text_is_the_same_however_the_facts_were_put_together() {
    AuditEntry entry =
        new AuditEntry(
            "acme", "r\"1", 7, "key:k1", "chat", "m", "complete", Map.of("b", "2", "a", "1"));

    assertThat(entry.body())
        .isEqualTo(
            "{\"trace\":\"r\\\"1\",\"at\":7,\"who\":\"key:k1\",\"action\":\"chat\","
                + "\"subject\":\"m\",\"decision\":\"complete\",\"a\":\"1\",\"b\":\"2\"}");
  }

  @Test
  void what_the_store_does_not_take_waits_for_the_next_entry_and_is_in_the_log() {
    log.record(entry("r1"));
    way.isDeaf = true;
    assertThat(log.record(entry("r2"))).isEqualTo(new Recorded.Waiting());
    assertThat(lines.text()).contains("audit_unwritten", "r2", "weir.audit.failures");
    Emitted.keep("weir.audit.failures", lines.text());

    way.isDeaf = false;
    assertThat(log.record(entry("r3"))).isInstanceOf(Recorded.Written.class);
    assertThat(sound()).hasSize(3).last().asString().contains("r3");
  }

  @Test
  void an_entry_whose_reply_was_lost_is_there_once() {
    log.record(entry("r1"));
    way.isMute = true;
    assertThat(log.record(entry("r2"))).isEqualTo(new Recorded.Waiting());
    way.isMute = false;
    time.pass(Chains.LIFE);
    log.record(entry("r3"));

    assertThat(sound()).hasSize(3);
  }

  @Test
  void a_segment_that_was_opened_by_a_lost_reply_is_not_opened_twice() {
    way.isMute = true;
    log.record(entry("r1"));
    way.isMute = false;
    log.record(entry("r2"));

    assertThat(sound()).hasSize(2);
  }

  @Test
  void no_more_waits_than_a_hundred_and_what_is_lost_is_said() {
    way.isDeaf = true;
    for (int i = 0; i <= Writer.WAITING; i++) {
      log.record(entry("r" + i));
    }
    assertThat(lines.text()).contains("audit_lost");
    way.isDeaf = false;
    log.record(entry("last"));

    assertThat(sound()).hasSize(Writer.WAITING);
  }

  @Test
  void refusals_of_a_minute_are_one_entry_with_their_counts() {
    for (int i = 0; i < 1000; i++) {
      log.refused("acme", i % 4 == 0 ? "insufficient_quota" : "rate_limit_exceeded");
    }
    assertThat(way.carriedOut).hasValue(0);
    time.pass(Writer.COUNTED);
    log.refused("acme", "rate_limit_exceeded");

    assertThat(sound())
        .singleElement()
        .asString()
        .contains("\"insufficient_quota\":\"250\"", "\"rate_limit_exceeded\":\"751\"");
  }

  @Test
  void refusals_still_counted_are_written_when_the_log_is_closed() {
    log.refused("acme", "rate_limit_exceeded");
    log.close();

    assertThat(sound()).singleElement().asString().contains("\"rate_limit_exceeded\":\"1\"");
  }

  @Test
  void a_segment_is_sealed_when_its_time_is_over_and_when_it_is_full() {
    log.record(entry("r1"));
    time.pass(Chains.LIFE);
    for (int i = 0; i <= Segment.LONGEST; i++) {
      log.record(entry("r" + i));
    }
    Report report = verify(new ArrayList<>());

    assertThat(report.flaw()).isEmpty();
    assertThat(report.segments()).isEqualTo(3);
    assertThat(report.open()).isOne();
  }

  @Test
  void an_environment_whose_segment_was_sealed_by_others_begins_another() {
    log.record(entry("r1"));
    time.pass(Chains.OVERDUE.plusSeconds(1));
    environment(dynamo).record(entry("r2"));
    log.record(entry("r3"));

    assertThat(sound()).hasSize(3);
    assertThat(verify(new ArrayList<>()).open()).isEqualTo(2);
  }

  @Test
  void a_block_that_is_not_ours_is_an_alarm_and_nothing_is_lost() {
    log.record(entry("r1"));
    dynamo.putItem(put ->
        put.tableName("audit")
            .item(
                Map.of(
                    "pk", AttributeValue.fromS("acme#2026-11-22"),
                    "sk", AttributeValue.fromS("2026-11-22.s1#0000000001"),
                    "body", AttributeValue.fromS("forged"))));
    assertThat(log.record(entry("r2"))).isInstanceOf(Recorded.Written.class);

    assertThat(lines.text()).contains("audit_foreign", "weir.audit.failures");
    assertThat(verify(new ArrayList<>()).flaw().orElseThrow().kind()).isEqualTo(Flaw.Kind.EDITED);
  }

  @Test
  void environments_side_by_side_lose_nothing() throws InterruptedException {
    Map<String, Integer> written = new ConcurrentHashMap<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String name = "e" + i;
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                SegmentedLog own = environment(dynamo);
                for (int call = 0; call < 20; call++) {
                  own.record(entry(name + "-" + call));
                  written.merge(name, 1, Integer::sum);
                }
                own.close();
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(written.values()).containsOnly(20).hasSize(12);
    assertThat(sound()).hasSize(240).doesNotHaveDuplicates();
    assertThat(verify(new ArrayList<>()).open()).isZero();
  }

  @Test
  void threads_of_one_environment_share_its_segment() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String name = "t" + i;
      threads.add(Thread.ofPlatform().start(() -> log.record(entry(name))));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(sound()).hasSize(8);
    assertThat(verify(new ArrayList<>()).segments()).isOne();
  }

  @Test
  void chains_beyond_those_an_environment_keeps_are_sealed_not_lost() {
    log.record(entry("r1"));
    for (int i = 0; i < 256; i++) {
      log.record(Entries.of("t" + i, "r", new Random(1)));
    }

    assertThat(sound()).hasSize(1);
    assertThat(verify(new ArrayList<>()).open()).isZero();
  }

  @Test
  void a_log_that_is_off_writes_nothing() {
    assertThat(AuditLog.OFF.record(entry("r1"))).isEqualTo(new Recorded.Off());
    AuditLog.OFF.refused("acme", "x");
    AuditLog.OFF.close();
    time.pass(Duration.ofDays(1));

    assertThat(dynamo.keys("audit")).isEmpty();
  }
}
