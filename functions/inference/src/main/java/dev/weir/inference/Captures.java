package dev.weir.inference;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.weir.admission.Admission;
import dev.weir.guard.Redaction;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Names;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Keeps what was asked and answered, without secrets and personal data, for tenants that have asked
 * for it. Runs when the answer has left; a failure is a line and a metric.
 */
final class Captures {

  private static final JsonFactory JSON = new JsonFactory();

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyy/MM/dd", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Optional<Store> store;
  private final Admission admission;
  private final InstantSource clock;

  /** Where payloads are kept. */
  interface Store {
    void put(String key, byte[] json) throws IOException;
  }

  Captures(Optional<Store> store, Admission admission, InstantSource clock) {
    this.store = store;
    this.admission = admission;
    this.clock = clock;
  }

  /**
   * Keeps a payload, if its tenant wants that.
   *
   * @param answer a JSON document
   */
  void keep(Visit visit, String outcome, Supplier<byte[]> answer, Line line) {
    keep(visit, outcome, () -> visit.exchange().request().body(), answer, line);
  }

  /**
   * Keeps a payload whose request is not JSON as it came.
   *
   * @param request a JSON document
   * @param answer a JSON document
   */
  void keep(
      Visit visit, String outcome, Supplier<byte[]> request, Supplier<byte[]> answer, Line line) {
    if (store.isEmpty() || !isWanted(visit)) {
      return;
    }
    String key =
        "payloads/%s/%s/%s.json"
            .formatted(
                visit.tenantId(),
                DAY.format(Instant.ofEpochMilli(visit.startMillis())),
                visit.exchange().requestId());
    try {
      store.get().put(key, payload(visit, outcome, request.get(), answer.get()));
      line.with("capture", key);
    } catch (IOException | RuntimeException e) {
      line.with("captureFault", e.getClass().getName())
          .metric(Names.CAPTURE_FAILURES, Line.Unit.COUNT, 1);
    }
  }

  private boolean isWanted(Visit visit) {
    return admission
        .tenant(visit.tenantId())
        .filter(tenant -> tenant.isCaptured(clock.instant()))
        .isPresent();
  }

  private static byte[] payload(Visit visit, String outcome, byte[] request, byte[] answer)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("requestId", visit.exchange().requestId());
      json.writeStringField("tenantId", visit.tenantId());
      json.writeStringField("keyId", visit.keyId());
      json.writeStringField("at", Instant.ofEpochMilli(visit.startMillis()).toString());
      json.writeStringField("outcome", outcome);
      json.writeFieldName("request");
      json.writeRawValue(redacted(request));
      json.writeFieldName("answer");
      json.writeRawValue(redacted(answer));
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static String redacted(byte[] document) {
    return Redaction.json(new String(document, StandardCharsets.UTF_8));
  }
}
