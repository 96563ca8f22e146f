package dev.weir.inference;

import dev.weir.ledger.Cost;
import dev.weir.ledger.RetrievalMark;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What one request's answer was grounded in, so far. One request, one thread. */
final class RetrievalTrail {

  /** As headers, ledger and metrics name an answer that is not grounded. */
  static final String WITHOUT = "without-retrieval";

  private static final int MOST_NAMED = 10;
  private static final int LONGEST_NAME = 200;

  private Optional<RetrievalMark> mark = Optional.empty();
  private boolean isSkipped;

  void used(RetrievalMark made) {
    mark = Optional.of(made);
    isSkipped = false;
  }

  void skipped(RetrievalMark made) {
    mark = Optional.of(made);
    isSkipped = true;
  }

  /** What the ledger says; empty where the model has no knowledge base. */
  Optional<RetrievalMark> mark() {
    return mark;
  }

  /** Whether the answer is given without what it should be grounded in. */
  boolean isSkipped() {
    return isSkipped;
  }

  Cost cost() {
    return mark.map(RetrievalMark::cost).orElse(Cost.ZERO);
  }

  /** Adds what it did to reply headers; nothing where the model has no knowledge base. */
  void tell(Map<String, String> headers) {
    mark.ifPresent(known -> {
      headers.put("x-weir-retrieval", known.outcome());
      if (!known.documents().isEmpty()) {
        headers.put("x-weir-documents", documents(known.documents()));
      }
    });
    if (isSkipped) {
      headers.merge(AnswerHeaders.DEGRADED, WITHOUT, (step, without) -> step + ", " + without);
    }
  }

  private static String documents(List<RetrievalMark.Document> all) {
    String named =
        all.stream()
            .limit(MOST_NAMED)
            .map(document ->
                "%s;score=%s"
                    .formatted(
                        encoded(document.id()),
                        String.format(Locale.ROOT, "%.2f", document.score())))
            .collect(Collectors.joining(", "));
    return all.size() > MOST_NAMED
        ? named + ", and %d more".formatted(all.size() - MOST_NAMED)
        : named;
  }

  /** Percent-encoded where a header could not carry it, as RFC 3986 does it. */
  private static String encoded(String id) {
    StringBuilder out = new StringBuilder();
    for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
      if (b > ' ' && b < 127 && b != ',' && b != ';' && b != '%') {
        out.append((char) b);
      } else {
        out.append('%').append(String.format(Locale.ROOT, "%02X", b & 0xff));
      }
    }
    return out.length() > LONGEST_NAME ? out.substring(0, LONGEST_NAME) : out.toString();
  }
}
