package dev.weir.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One decision. It never holds a prompt, an answer, a key or a secret.
 *
 * @param chain the tenant's id, or {@link #ADMIN} for what belongs to none
 * @param trace the request id the client saw; for a change, an id of its own
 * @param atMillis epoch milliseconds
 * @param who a key's id, or an administrator's principal
 * @param action what was asked for: a door such as {@code chat}, or a change such as {@code
 *     switch.off}
 * @param subject what it was asked of: a model, or what was changed
 * @param decision what was decided: a ledger row's outcome, an error's code, or {@code changed}
 * @param facts everything else by name: policy versions, digests, limits, costs, and why
 * @param row the ledger row that is kept in the same item, if there is one; what it says is no fact
 */
public record AuditEntry(
    String chain,
    String trace,
    long atMillis,
    String who,
    String action,
    String subject,
    String decision,
    Map<String, String> facts,
    Optional<AuditedRow> row) {

  /** The chain of what belongs to no tenant. No tenant's id begins so. */
  public static final String ADMIN = "@admin";

  private static final JsonFactory JSON = new JsonFactory();

  /** A decision without a ledger row. */
  public AuditEntry(
      String chain,
      String trace,
      long atMillis,
      String who,
      String action,
      String subject,
      String decision,
      Map<String, String> facts) {
    this(chain, trace, atMillis, who, action, subject, decision, facts, Optional.empty());
  }

  /** The canonical text: one JSON object, fields in this order, facts by name. */
  String body() {
    StringWriter text = new StringWriter(512);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("trace", trace);
      json.writeNumberField("at", atMillis);
      json.writeStringField("who", who);
      json.writeStringField("action", action);
      json.writeStringField("subject", subject);
      json.writeStringField("decision", decision);
      SortedMap<String, String> sorted = new TreeMap<>(facts);
      for (Map.Entry<String, String> fact : sorted.entrySet()) {
        json.writeStringField(fact.getKey(), fact.getValue());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** How the body of an entry with this trace id begins. */
  static String beginning(String trace) {
    StringWriter text = new StringWriter(64);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("trace", trace);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString().substring(0, text.toString().length() - 1) + ",";
  }
}
