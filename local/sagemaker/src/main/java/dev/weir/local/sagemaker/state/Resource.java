package dev.weir.local.sagemaker.state;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.wire.Json;

/** One resource: its members as the API's Describe gives them, timestamps in ISO 8601. */
public final class Resource {
  private final Kind kind;
  private final String name;
  private final ObjectNode data;
  private final ObjectNode condition = Json.object();
  private long changes;

  Resource(Kind kind, String name, ObjectNode data) {
    this.kind = kind;
    this.name = name;
    this.data = data;
  }

  public Kind kind() {
    return kind;
  }

  public String name() {
    return name;
  }

  public String arn() {
    return data.path(kind.arnMember()).asText();
  }

  /** The members; a write is seen by the next Describe. */
  public ObjectNode data() {
    return data;
  }

  /** What the API does not tell: load and health. */
  public ObjectNode condition() {
    return condition;
  }

  public String status() {
    return data.path(kind.statusMember()).asText();
  }

  /** Counts status changes: whatever was to happen before the last one no longer happens. */
  long changes() {
    return changes;
  }

  void become(String status) {
    changes++;
    data.put(kind.statusMember(), status);
  }
}
