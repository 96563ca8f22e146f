package dev.weir.local.bedrock.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What stands before one cache point of a request, in the order a model reads it: tools, system,
 * messages.
 *
 * @param text all of it, without the cache points; equal texts are equal prefixes
 * @param prompt the same, to count its tokens
 * @param hour whether it is to be kept for an hour, else for five minutes
 */
public record Prefix(String text, Prompt prompt, boolean hour) {
  private static final int MOST = 4;

  /**
   * Reads the prefixes of a request, the shortest first.
   *
   * @throws ErrorReply a {@code ValidationException}: too many points, or one that is none
   */
  public static List<Prefix> of(JsonNode body) throws ErrorReply {
    Reader reader = new Reader();
    for (JsonNode tool : body.path("toolConfig").path("tools")) {
      reader.block(tool, "");
    }
    for (JsonNode block : body.path("system")) {
      reader.block(block, "");
    }
    for (JsonNode message : body.path("messages")) {
      for (JsonNode block : message.path("content")) {
        reader.block(block, message.path("role").asText());
      }
    }
    if (reader.prefixes.size() > MOST) {
      throw ErrorReply.validation(
          "A maximum of 4 blocks with cachePoint may be provided. Found %d."
              .formatted(reader.prefixes.size()));
    }
    return reader.prefixes;
  }

  /** Reads block by block. One request, one thread. */
  private static final class Reader {
    private final List<Prefix> prefixes = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final List<Prompt.Tool> tools = new ArrayList<>();
    private final List<String> system = new ArrayList<>();
    private final List<Prompt.Turn> turns = new ArrayList<>();
    private boolean isShort;

    /**
     * @param role of the turn it belongs to; empty for tools and system
     */
    void block(JsonNode block, String role) throws ErrorReply {
      if (block.has("cachePoint")) {
        point(block.path("cachePoint"));
        return;
      }
      text.append(role).append(block).append('\n');
      JsonNode spec = block.path("toolSpec");
      if (spec.isObject()) {
        tools.add(
            new Prompt.Tool(spec.path("name").asText(), spec.path("description").asText(""), spec));
      } else if (role.isEmpty()) {
        system.add(words(block));
      } else {
        int attachments = block.has("image") ? 1 : 0;
        turns.add(new Prompt.Turn(role, words(block), attachments, false));
      }
    }

    private static String words(JsonNode block) {
      StringBuilder words = new StringBuilder(block.path("text").asText(""));
      JsonNode use = block.path("toolUse");
      if (use.isObject()) {
        words.append(use.path("name").asText()).append(' ').append(use.path("input"));
      }
      for (JsonNode part : block.path("toolResult").path("content")) {
        words.append(part.path("text").asText(""));
      }
      return words.toString();
    }

    private void point(JsonNode point) throws ErrorReply {
      Members.object(point, "cachePoint", Set.of("type", "ttl"));
      Members.oneOf(point, "cachePoint", "type", List.of("default"));
      boolean hour =
          point.has("ttl")
              && Members.oneOf(point, "cachePoint", "ttl", List.of("5m", "1h")).equals("1h");
      if (hour && isShort) {
        throw ErrorReply.validation("A cachePoint with ttl 1h must not come after one with 5m.");
      }
      isShort |= !hour;
      prefixes.add(
          new Prefix(
              text.toString(),
              new Prompt(
                  List.copyOf(system),
                  List.copyOf(turns),
                  new Prompt.Sampling(
                      OptionalInt.empty(),
                      OptionalDouble.empty(),
                      OptionalDouble.empty(),
                      List.of()),
                  List.copyOf(tools),
                  new Prompt.ToolChoice.Auto()),
              hour));
    }
  }
}
