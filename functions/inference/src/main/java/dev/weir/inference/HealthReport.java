package dev.weir.inference;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which guards are armed. A guard that is not fails the report. */
final class HealthReport {

  private static final JsonFactory JSON = new JsonFactory();

  /** One guard's own word. */
  record Guard(boolean isArmed, String detail) {}

  private final Map<String, Guard> guards = new LinkedHashMap<>();

  HealthReport add(String name, Guard guard) {
    guards.put(name, guard);
    return this;
  }

  boolean isHealthy() {
    return guards.values().stream().allMatch(Guard::isArmed);
  }

  byte[] json() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("status", isHealthy() ? "ok" : "degraded");
      json.writeObjectFieldStart("guards");
      for (Map.Entry<String, Guard> guard : guards.entrySet()) {
        json.writeObjectFieldStart(guard.getKey());
        json.writeBooleanField("armed", guard.getValue().isArmed());
        json.writeStringField("detail", guard.getValue().detail());
        json.writeEndObject();
      }
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
