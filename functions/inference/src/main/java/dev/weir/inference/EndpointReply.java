package dev.weir.inference;

import dev.weir.inference.sagemaker.Part;
import dev.weir.inference.upstream.Listener;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** An endpoint's reply on its way to the client. One invocation, one thread. */
abstract sealed class EndpointReply implements Listener<Part> permits StreamReply, WholeReply {

  /** What SageMaker says of an answer that is the client's to know. */
  private static final Set<String> TOLD =
      Set.of(
          "x-amzn-invoked-production-variant",
          "x-amzn-sagemaker-custom-attributes",
          "x-amzn-sagemaker-new-session-id",
          "x-amzn-sagemaker-closed-session-id");

  private Map<String, String> head = Map.of();
  private long bytes;

  /** Takes the head; the type of a stream's body has a header of its own. */
  final void take(Part.Head told) {
    head = told.headers();
  }

  final void count(Part.Piece piece) {
    bytes += piece.bytes().length;
  }

  /** Bytes of the body so far. */
  final long bytes() {
    return bytes;
  }

  final String contentType() {
    return head.getOrDefault(
        "x-amzn-sagemaker-content-type",
        head.getOrDefault("content-type", "application/octet-stream"));
  }

  final Map<String, String> headers() {
    Map<String, String> told = new LinkedHashMap<>();
    head.forEach((name, value) -> {
      if (TOLD.contains(name)) {
        told.put(name, value);
      }
    });
    return told;
  }

  /** A header of the reply; empty when it has none of that name. */
  final String header(String name) {
    return head.getOrDefault(name, "");
  }
}
