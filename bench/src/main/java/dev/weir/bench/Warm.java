package dev.weir.bench;

import static dev.weir.bench.Table.format;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What warm calls take, beside the same calls without Weir. */
final class Warm implements AutoCloseable {
  private static final Duration A_MINUTE = Duration.ofMinutes(1);

  private final Environments environments;
  private final DirectCalls direct;
  private final DynamoDbClient replayed;
  private final DynamoDbClient local;
  private final byte[] buffered;
  private final byte[] streamed;
  private final Events events;
  private final List<Double> directCpuMillis = new ArrayList<>();
  private int questions;

  Warm(Stack stack, URI dynamoDb, Environments environments, Events events) {
    this.environments = environments;
    this.events = events;
    direct = new DirectCalls(stack.bedrock());
    replayed = LocalStore.client(environments.store().url());
    local = LocalStore.client(dynamoDb);
    buffered = events.buffered("plain", Events.QUESTION);
    streamed = events.streamed("plain", Events.QUESTION);
  }

  /** Calls until the compilers have done most of their work, or for a minute. */
  Warm warmUp(int calls) throws Exception {
    new Interleaved()
        .with("alone", () -> answer(environments.alone()))
        .with("stream", () -> firstChunk(environments.alone()))
        .with("direct", this::converse)
        .with("ours", () -> direct.converseOnOurHttp().millis())
        .run(calls, A_MINUTE);
    atOnce(calls);
    whole().run(calls / 10, A_MINUTE.dividedBy(6));
    first().run(calls / 10, A_MINUTE.dividedBy(6));
    environments.local().call(events.alike("do", 1)).expect(200);
    cache().run(calls / 10, A_MINUTE.dividedBy(6));
    guards().run(calls / 10, A_MINUTE.dividedBy(6));
    return this;
  }

  /** Measures everything, so many rounds each or for a minute. */
  void report(Table table, int rounds) throws Exception {
    double cpuBefore = environments.alone().cpuSeconds();
    directCpuMillis.clear();
    Samples whole = whole().run(rounds, A_MINUTE);
    double cpuMillis =
        (environments.alone().cpuSeconds() - cpuBefore) * 1000 / whole.of("alone").size();
    double directCpu = Sample.of(directCpuMillis).mean();
    Samples first = first().run(rounds, A_MINUTE.dividedBy(2));
    Samples cache = cache().run(rounds / 2, A_MINUTE.dividedBy(4));
    compare(table, "whole answer, store at once", whole, "direct", "alone", "≤ +1.5 ms");
    compare(table, "the same, the SDK on Weir's HTTP client", whole, "ours", "alone", "");
    compare(table, "whole answer, DynamoDB Local", whole, "direct", "local", "");
    compare(table, "first chunk, store at once", first, "direct", "alone", "≤ +2 ms");
    compare(table, "first chunk, DynamoDB Local", first, "direct", "local", "");
    table.row(
        "CPU of a whole answer",
        format("%.2f ms", directCpu),
        format("%.2f ms", cpuMillis),
        format("%+.2f ms, %.2f x", cpuMillis - directCpu, cpuMillis / directCpu),
        "≤ 1.2 ms");
    double perCpuSecond = atOnce(rounds * 2);
    table.row(
        "whole answers per CPU-second, %d in flight".formatted(Environments.AT_ONCE),
        "",
        format("%.0f", perCpuSecond),
        "",
        "");
    compare(table, "answer from the cache (without: a miss)", cache, "miss", "hit", "");
    median(table, "answer to a similar question (without: a miss)", cache, "miss", "similar");
    Samples guards = guards().run(rounds / 2, A_MINUTE.dividedBy(4));
    median(table, "rules on request and answer (without: on requests)", guards, "off", "rules");
    median(table, "the Bedrock guardrail, two requests more", guards, "off", "bedrock");
    part(table, "part: runtime loop and Runtime API alone", whole.of("loop"));
    part(table, "part: one UpdateItem, store at once", whole.of("replayed"));
    part(table, "part: one UpdateItem, DynamoDB Local", whole.of("store"));
  }

  private static void compare(
      Table table, String what, Samples samples, String without, String with, String aim) {
    table.compare(what, samples.of(without), samples.of(with), aim);
  }

  private static void median(
      Table table, String what, Samples samples, String without, String with) {
    table.median(what, samples.of(without), samples.of(with), "");
  }

  private static void part(Table table, String what, Sample sample) {
    table.row(what + ", p50", "", format("%.2f ms", sample.median()), "", "");
  }

  private Interleaved whole() {
    return new Interleaved()
        .with("direct", this::converse)
        .with("ours", () -> direct.converseOnOurHttp().millis())
        .with("alone", () -> answer(environments.alone()))
        .with("local", () -> answer(environments.local()))
        .with("loop", () -> environments.echo().call(buffered).expect(200).lastByteMillis())
        .with("replayed", () -> update(replayed))
        .with("store", () -> update(local));
  }

  private Interleaved first() {
    return new Interleaved()
        .with("direct", direct::firstContent)
        .with("alone", () -> firstChunk(environments.alone()))
        .with("local", () -> firstChunk(environments.local()));
  }

  private Interleaved cache() {
    return new Interleaved()
        .with("miss", () -> cached(++questions + ". " + Events.QUESTION))
        .with("hit", () -> cached(Events.QUESTION))
        .with("similar", this::similar);
  }

  private Interleaved guards() {
    return new Interleaved()
        .with("off", () -> answer(environments.alone()))
        .with("rules", () -> guarded("guarded"))
        .with("bedrock", () -> guarded("guardrailed"));
  }

  private double guarded(String model) {
    byte[] event = events.buffered(model, Events.QUESTION);
    return environments.alone().call(event).expect(200).lastByteMillis();
  }

  /** An answer to one question is kept; this is the other, which is never kept. */
  private double similar() {
    return environments.local().call(events.alike("can", 1)).expect(200).lastByteMillis();
  }

  private double converse() {
    DirectCalls.Buffered call = direct.converse();
    directCpuMillis.add(call.cpuMillis());
    return call.millis();
  }

  private double answer(FunctionEnvironment chat) {
    return chat.call(buffered).expect(200).lastByteMillis();
  }

  private double firstChunk(FunctionEnvironment chat) {
    return chat.call(streamed).expect(200).firstByteMillis();
  }

  private double cached(String question) {
    return environments
        .local()
        .call(events.buffered("cached", question))
        .expect(200)
        .lastByteMillis();
  }

  private static double update(DynamoDbClient client) {
    long begun = System.nanoTime();
    client.updateItem(update ->
        update
            .tableName(Stack.TENANTS)
            .key(Map.of("pk", AttributeValue.fromS("probe")))
            .updateExpression("SET n = :n")
            .expressionAttributeValues(Map.of(":n", AttributeValue.fromN("1"))));
    return (System.nanoTime() - begun) / 1e6;
  }

  /** Calls per CPU-second of the environment that serves many at once. */
  private double atOnce(int calls) throws Exception {
    double before = environments.crowded().cpuSeconds();
    AtOnce.calls(environments.crowded(), calls, Environments.AT_ONCE, buffered);
    return calls / (environments.crowded().cpuSeconds() - before);
  }

  @Override
  public void close() throws IOException {
    direct.close();
    replayed.close();
    local.close();
  }
}
