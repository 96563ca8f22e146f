package dev.weir.bench;

import dev.weir.bench.RoundTrips.Trips;
import dev.weir.bench.Stack.Start;
import dev.weir.tenant.Limits;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** The rows on what each capability adds to a call in round trips, where it is used. */
final class Capabilities {
  private static final Map<String, String> UNAUDITED = Map.of("WEIR_AUDIT", "off");
  private static final int WARM_UP = 8;

  /** Admission, settlement and ledger row, and the model. */
  private static final Trips NEEDED = new Trips(3, 3, 1);

  private final Stack stack;
  private final LocalStore store;
  private final ModelCalls models;
  private final Events tenant;
  private final Events hot;
  private final TripTable table = new TripTable();

  Capabilities(Stack stack, LocalStore store, Limits limits) throws IOException {
    this.stack = stack;
    this.store = store;
    models = new ModelCalls(stack.bedrock());
    tenant = store.tenant("capable", limits);
    hot = store.tenant("hot", limits);
    store.shard("hot", 2);
  }

  /** Counts all of them. */
  String markdown() throws IOException {
    try (RoundTrips chat = chat(UNAUDITED);
        RoundTrips audited = chat(Map.of())) {
      Trips plain = chat(chat);
      chat.call(plain());
      audited.call(plain());
      table.row("audit", plain, audited.of(plain()));
      hotTenant(chat, plain);
    }
    embeddings();
    sessions();
    return table.markdown();
  }

  private RoundTrips chat(Map<String, String> settings) throws IOException {
    return new RoundTrips(store, models, url -> stack.chat(Start.SNAP_START, url, 1, settings));
  }

  private byte[] plain() {
    return tenant.buffered("plain", Events.QUESTION);
  }

  private Trips chat(RoundTrips chat) throws IOException {
    chat.call(plain());
    Trips plain = chat.of(plain());
    table.row("all of them there and none used, `Audit=off`", NEEDED, plain);
    table.row("guards by rule", plain, chat.of(of("guarded")));
    table.row("the Bedrock guardrail, request and answer", plain, chat.of(of("guardrailed")));
    chat.call(of("resilient"));
    table.row("stand-ins, all healthy", plain, chat.of(of("resilient")));
    table.row("cascade, the small model answers", plain, chat.of(of("cascade")));
    table.row(
        "cascade, both are asked", plain, chat.of(tenant.capped("cascade", Events.QUESTION, 20)));
    table.row("retrieval", plain, chat.of(of("informed")));
    table.row(
        "idempotency key",
        plain,
        chat.of(
            i -> tenant.buffered("plain", Events.QUESTION, Map.of("Idempotency-Key", "key-" + i))));
    caches(chat, plain);
    return plain;
  }

  private byte[] of(String model) {
    return tenant.buffered(model, Events.QUESTION);
  }

  private void caches(RoundTrips chat, Trips plain) throws IOException {
    IntFunction<byte[]> miss = i -> tenant.buffered("cached", i + ". " + Events.QUESTION);
    Trips missed = chat.of(miss);
    table.row("exact cache, a miss", plain, missed);
    table.row("exact cache, a hit", plain, chat.of(miss.apply(0)));
    table.row(
        "similar questions, a miss (without: the exact cache's)",
        missed,
        chat.of(i -> tenant.alike("do", i)));
    table.row(
        "similar questions, a hit (without: the exact cache's miss)",
        missed,
        chat.of(i -> tenant.alike("can", i)));
  }

  private void hotTenant(RoundTrips chat, Trips plain) throws IOException {
    byte[] event = hot.buffered("plain", Events.QUESTION);
    for (int i = 0; i < WARM_UP; i++) {
      chat.call(event);
    }
    table.row("a tenant on two shards", plain, chat.of(event));
  }

  private void embeddings() throws IOException {
    List<String> texts = List.of("one", "two", "three", "four");
    try (RoundTrips embeddings =
        new RoundTrips(store, models, url -> stack.embeddings(url, 1, UNAUDITED))) {
      embeddings.call(tenant.embeddings("batched-unkept", texts));
      Trips unkept = embeddings.of(tenant.embeddings("batched-unkept", texts));
      table.row(
          "vectors kept, 4 texts, none known (without: not kept)",
          unkept,
          embeddings.of(
              i -> tenant.embeddings("batched", texts.stream().map(text -> text + i).toList())));
      table.row(
          "vectors kept, 4 texts, all known",
          unkept,
          embeddings.of(
              tenant.embeddings("batched", texts.stream().map(text -> text + 0).toList())));
    }
  }

  private void sessions() throws IOException {
    try (RoundTrips responses =
        new RoundTrips(store, models, url -> stack.responses(url, UNAUDITED))) {
      responses.call(tenant.response("plain", Events.QUESTION, false));
      table.row(
          "a turn kept by the Responses API (without: `store: false`)",
          responses.of(tenant.response("plain", Events.QUESTION, false)),
          responses.of(tenant.response("plain", Events.QUESTION, true)));
    }
  }
}
