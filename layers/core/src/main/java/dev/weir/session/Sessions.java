package dev.weir.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.store.SessionTable;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import dev.weir.telemetry.Names;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Responses and conversations that are kept, each seen by its own tenant only: another's is absent
 * like one that never was. Faults of the store are thrown as the SDK's unchecked exceptions.
 * Thread-safe.
 */
public final class Sessions {

  /**
   * The largest record, in bytes of JSON before it is compressed: a function has to hold it several
   * times over.
   */
  public static final int LARGEST = 8_000_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final SessionTable table;
  private final InstantSource clock;
  private final Log log;

  /** What is kept. An id says by its beginning of which kind it is. */
  public enum Kind {
    RESPONSE("resp_"),
    CONVERSATION("conv_");

    private final Pattern ids;

    Kind(String prefix) {
      this.ids = Pattern.compile(prefix + "[0-9a-z]{1,64}");
    }

    private boolean names(String id) {
      return ids.matcher(id).matches();
    }
  }

  /** What became of a write. */
  public enum Saved {
    SAVED,
    /** The conversation has been changed by another request. */
    CONFLICT,
    /** It is larger than can be kept. */
    TOO_LARGE
  }

  public Sessions(SessionTable table, InstantSource clock, Log log) {
    this.table = table;
    this.clock = clock;
    this.log = log;
  }

  /**
   * A response of this tenant.
   *
   * @throws SessionTooLargeException if it is larger than what is kept nowadays
   */
  public Optional<StoredResponse> response(String tenantId, String id) {
    return live(tenantId, Kind.RESPONSE, id)
        .map(row -> {
          JsonNode value = value(row);
          return new StoredResponse(
              id,
              value.path("body"),
              List.copyOf(list(value.path("input"))),
              row.bornMillis(),
              turns(value));
        });
  }

  /** Whether this tenant has this response, or has it still. */
  public boolean hasResponse(String tenantId, String id) {
    return live(tenantId, Kind.RESPONSE, id).isPresent();
  }

  /**
   * A conversation of this tenant.
   *
   * @throws SessionTooLargeException if it is larger than what is kept nowadays
   */
  public Optional<Conversation> conversation(String tenantId, String id) {
    return live(tenantId, Kind.CONVERSATION, id)
        .map(row -> {
          JsonNode value = value(row);
          return new Conversation(
              id,
              row.version(),
              row.parts(),
              row.bornMillis(),
              value.path("metadata"),
              turns(value));
        });
  }

  /**
   * Keeps a new response and, if it was made in one, its conversation; both or neither. When this
   * returns {@link Saved#SAVED}, both can be read.
   *
   * @param conversation as it was read, with what it remembers now
   */
  public Saved save(
      String tenantId,
      StoredResponse response,
      Optional<Conversation> conversation,
      Lifetimes lifetimes) {
    ObjectNode value = JsonNodeFactory.instance.objectNode();
    value.set("body", response.body());
    value.putArray("input").addAll(response.input());
    store(value, response.turns());
    return write(
        () -> {
          List<SessionTable.Row> rows = new ArrayList<>();
          rows.add(row(tenantId, response.id(), 0, 0, response.bornMillis(), value, lifetimes));
          conversation.ifPresent(changed -> rows.add(row(tenantId, changed, lifetimes)));
          return rows;
        },
        response.id());
  }

  /** Keeps a conversation, new or as it was read and then changed. */
  public Saved save(String tenantId, Conversation conversation, String token, Lifetimes lifetimes) {
    return write(() -> List.of(row(tenantId, conversation, lifetimes)), token);
  }

  /** Deletes a response or conversation; false if there is none. */
  public boolean delete(String tenantId, Kind kind, String id, String token) {
    Optional<SessionTable.Row> row = live(tenantId, kind, id);
    while (row.isPresent()) {
      if (table.delete(row.get(), token + "-" + row.get().version())) {
        count(Names.SESSIONS_DELETED);
        return true;
      }
      row = live(tenantId, kind, id);
    }
    return false;
  }

  private Optional<SessionTable.Row> live(String tenantId, Kind kind, String id) {
    if (!kind.names(id)) {
      return Optional.empty();
    }
    Optional<SessionTable.Row> row = table.read(tenantId + "#" + id);
    if (row.filter(found -> found.expiresMillis() <= clock.millis()).isPresent()) {
      count(Names.SESSIONS_EXPIRED);
      return Optional.empty();
    }
    return row;
  }

  private Saved write(Supplier<List<SessionTable.Row>> packing, String token) {
    List<SessionTable.Row> rows;
    try {
      rows = packing.get();
    } catch (SessionTooLargeException e) {
      return Saved.TOO_LARGE;
    }
    if (rows.stream().mapToLong(row -> row.value().length).sum() > SessionTable.LARGEST_WRITE) {
      return Saved.TOO_LARGE;
    }
    return table.write(rows, token) ? Saved.SAVED : Saved.CONFLICT;
  }

  private void count(String metric) {
    log.write(Line.info("session").metric(metric, Line.Unit.COUNT, 1));
  }

  private SessionTable.Row row(String tenantId, Conversation conversation, Lifetimes lifetimes) {
    ObjectNode value = JsonNodeFactory.instance.objectNode();
    value.set("metadata", conversation.metadata());
    store(value, conversation.turns());
    return row(
        tenantId,
        conversation.id(),
        conversation.version(),
        conversation.parts(),
        conversation.bornMillis(),
        value,
        lifetimes);
  }

  private SessionTable.Row row(
      String tenantId,
      String id,
      long version,
      int parts,
      long bornMillis,
      ObjectNode value,
      Lifetimes lifetimes) {
    return new SessionTable.Row(
        tenantId + "#" + id,
        version,
        parts,
        bornMillis,
        lifetimes.expires(bornMillis, clock.millis()),
        packed(value));
  }

  private static void store(ObjectNode value, List<Turn> turns) {
    var list = value.putArray("turns");
    turns.forEach(turn -> list.add(turn.stored()));
  }

  private static List<Turn> turns(JsonNode value) {
    List<Turn> turns = new ArrayList<>();
    value.path("turns").forEach(turn -> turns.add(Turn.read(turn)));
    return turns;
  }

  private static List<JsonNode> list(JsonNode array) {
    List<JsonNode> list = new ArrayList<>();
    array.forEach(list::add);
    return list;
  }

  private static byte[] packed(JsonNode value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(bounded(JSON.writeValueAsBytes(value)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] bounded(byte[] json) {
    if (json.length > LARGEST) {
      throw new SessionTooLargeException();
    }
    return json;
  }

  private static JsonNode value(SessionTable.Row row) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(row.value()))) {
      return JSON.readTree(bounded(in.readNBytes(LARGEST + 1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
