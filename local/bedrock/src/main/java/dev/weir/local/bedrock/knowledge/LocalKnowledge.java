package dev.weir.local.bedrock.knowledge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.bedrock.wire.ErrorReply;
import dev.weir.local.bedrock.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The one knowledge base there is, {@code LOCALDOCS1}: a few documents, found by the words they
 * share with the question. It understands the filters {@code equals} and {@code in}.
 */
public final class LocalKnowledge {
  private static final String ID = "LOCALDOCS1";
  private static final int LONGEST_QUERY = 1000;
  private static final int MOST_RESULTS = 100;
  private static final int SHORTEST_WORD = 4;
  private static final Pattern NO_WORD = Pattern.compile("\\W+");

  private final List<Document> documents = read();

  private record Document(String uri, String owner, String text) {}

  private record Match(Document document, double score) {}

  private static List<Document> read() {
    try (InputStream in = LocalKnowledge.class.getResourceAsStream("documents.json")) {
      if (in == null) {
        throw new IllegalStateException("documents.json is missing");
      }
      List<Document> documents = new ArrayList<>();
      for (JsonNode row : Json.read(in.readAllBytes())) {
        documents.add(
            new Document(
                row.path("uri").asText(), row.path("owner").asText(), row.path("text").asText()));
      }
      return List.copyOf(documents);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Answers Retrieve.
   *
   * @throws ErrorReply another knowledge base was asked, or the body is not as the API wants it
   */
  public ObjectNode retrieve(String id, byte[] body) throws ErrorReply {
    if (!id.equals(ID)) {
      throw ErrorReply.of(
          "ResourceNotFoundException", "Knowledge Base with id %s does not exist".formatted(id));
    }
    JsonNode request = request(body);
    JsonNode query = request.path("retrievalQuery").path("text");
    if (!query.isTextual() || query.asText().length() > LONGEST_QUERY) {
      throw ErrorReply.validation(
          "The value at 'retrievalQuery.text' must have a length of at most 1000.");
    }
    JsonNode search = request.path("retrievalConfiguration").path("vectorSearchConfiguration");
    int results = search.path("numberOfResults").asInt(5);
    if (results < 1 || results > MOST_RESULTS) {
      throw ErrorReply.validation("The value at 'numberOfResults' must be from 1 to 100.");
    }
    ObjectNode reply = Json.object();
    ArrayNode found = reply.putArray("retrievalResults");
    Set<String> asked = words(query.asText());
    documents.stream()
        .filter(document -> passes(document, search.path("filter")))
        .map(document -> new Match(document, score(asked, document)))
        .filter(match -> match.score() > 0)
        .sorted(Comparator.comparingDouble(Match::score).reversed())
        .limit(results)
        .forEach(match -> write(match, found.addObject()));
    return reply;
  }

  private static JsonNode request(byte[] body) throws ErrorReply {
    try {
      return Json.read(body);
    } catch (IOException malformed) {
      throw ErrorReply.validation("The request body is not valid JSON.");
    }
  }

  private static boolean passes(Document document, JsonNode filter) {
    if (filter.has("equals")) {
      return filter.path("equals").path("key").asText().equals("owner")
          && filter.path("equals").path("value").asText().equals(document.owner());
    }
    return !filter.has("in")
        || filter.path("in").path("key").asText().equals("owner")
            && filter
                .path("in")
                .path("value")
                .valueStream()
                .anyMatch(value -> value.asText().equals(document.owner()));
  }

  private static double score(Set<String> asked, Document document) {
    Set<String> words = words(document.text());
    long shared = asked.stream().filter(words::contains).count();
    return asked.isEmpty() ? 0 : (double) shared / asked.size();
  }

  private static Set<String> words(String text) {
    return NO_WORD
        .splitAsStream(text.toLowerCase(Locale.ROOT))
        .filter(word -> word.length() >= SHORTEST_WORD)
        .collect(Collectors.toSet());
  }

  private static void write(Match match, ObjectNode result) {
    Document document = match.document();
    result.putObject("content").put("text", document.text()).put("type", "TEXT");
    result
        .putObject("location")
        .put("type", "S3")
        .putObject("s3Location")
        .put("uri", document.uri());
    result.put("score", match.score());
    result.putObject("metadata").put("owner", document.owner());
  }
}
