package dev.weir.local.bedrock.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.bedrock.wire.Json;
import dev.weir.local.bedrock.wire.Operation;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * What has been called and how it ended. Keeps no prompt: of a body only its size, its SHA-256 and
 * the output cap it asked for. Thread-safe.
 */
public final class Calls {
  private static final int KEPT = 1000;

  private final InstantSource clock;
  private final Map<String, ObjectNode> totals = new TreeMap<>();
  private final Deque<ObjectNode> requests = new ArrayDeque<>();
  private long sequence;

  public Calls(InstantSource clock) {
    this.clock = clock;
  }

  /** One call under way. Ends once: later endings are ignored. */
  public final class Call {
    private final ObjectNode total;
    private final ObjectNode request;

    private Call(ObjectNode total, ObjectNode request) {
      this.total = total;
      this.request = request;
    }

    /** Notes what the answer reported as usage. */
    public void used(int inputTokens, int outputTokens) {
      synchronized (Calls.this) {
        bump(total, "inputTokens", inputTokens);
        bump(total, "outputTokens", outputTokens);
      }
    }

    /** The answer has been sent whole. */
    public void completed() {
      end("completed", "completed");
    }

    /** The answer was an error, or was broken off by a fault. */
    public void failed(String why) {
      end("failed", "failed: " + why);
    }

    /** The client went away. */
    public void cancelled() {
      end("cancelled", "cancelled");
    }

    private void end(String counter, String outcome) {
      synchronized (Calls.this) {
        if (request.path("outcome").asText().equals("inFlight")) {
          request.put("outcome", outcome);
          bump(total, counter, 1);
          bump(total, "inFlight", -1);
        }
      }
    }
  }

  /** Notes a call's beginning. */
  public synchronized Call begin(String model, Operation operation, byte[] body) {
    ObjectNode total =
        totals.computeIfAbsent(
            model + " " + operation, key -> newTotal(model, operation.apiName()));
    bump(total, "started", 1);
    bump(total, "inFlight", 1);
    ObjectNode request =
        Json.object()
            .put("seq", ++sequence)
            .put("at", clock.instant().toString())
            .put("model", model)
            .put("operation", operation.apiName())
            .put("bodyBytes", body.length)
            .put("bodySha256", sha256(body))
            .put("outcome", "inFlight");
    request.set("maxTokens", maxTokens(body));
    requests.addLast(request);
    if (requests.size() > KEPT) {
      requests.removeFirst();
    }
    return new Call(total, request);
  }

  /** Forgets all calls, also those under way. */
  public synchronized void reset() {
    totals.clear();
    requests.clear();
  }

  /**
   * The totals, and the newest requests.
   *
   * @param since only requests with a higher sequence number
   */
  public synchronized ObjectNode json(long since) {
    ObjectNode json = Json.object().put("lastSeq", sequence);
    ArrayNode calls = json.putArray("calls");
    totals.values().forEach(calls::add);
    ArrayNode newest = json.putArray("requests");
    requests.stream().filter(request -> request.path("seq").asLong() > since).forEach(newest::add);
    return json.deepCopy();
  }

  private static ObjectNode newTotal(String model, String operation) {
    ObjectNode total = Json.object().put("model", model).put("operation", operation);
    for (String counter :
        new String[] {
          "started", "completed", "failed", "cancelled", "inFlight", "inputTokens", "outputTokens"
        }) {
      total.put(counter, 0L);
    }
    return total;
  }

  private static void bump(ObjectNode total, String counter, long by) {
    total.put(counter, total.path(counter).asLong() + by);
  }

  private static JsonNode maxTokens(byte[] body) {
    try {
      return Json.read(body).path("inferenceConfig").path("maxTokens");
    } catch (IOException malformed) {
      return Json.object().path("absent");
    }
  }

  private static String sha256(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
