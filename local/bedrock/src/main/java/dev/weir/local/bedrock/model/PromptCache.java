package dev.weir.local.bedrock.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.bedrock.wire.ErrorReply;
import dev.weir.local.bedrock.wire.Json;
import dev.weir.local.bedrock.wire.Prefix;
import dev.weir.local.bedrock.wire.StreamEvent;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Bedrock's prompt cache in small: prefixes by model, kept until nobody has read them for their
 * lifetime. Only what stands before a cache point is read or written, and only from {@link
 * #MIN_TOKENS} on. Thread-safe.
 */
public final class PromptCache {
  /** A shorter prefix is not kept, as on Bedrock, where the least is 512 to 4,096. */
  public static final int MIN_TOKENS = 64;

  private static final int MOST_ENTRIES = 10_000;

  private final Set<String> models;
  private final InstantSource clock;
  private final Map<String, Kept> entries =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
          return size() > MOST_ENTRIES;
        }
      };

  private record Kept(Duration lifetime, long until) {}

  /** What was read and written for one request, in tokens. */
  private record Use(int read, int fiveMinutes, int hour) {}

  /** A cache for the models of these ids; others refuse cache points. */
  public PromptCache(Set<String> models, InstantSource clock) {
    this.models = Set.copyOf(models);
    this.clock = clock;
  }

  /**
   * The sink that tells in the answer's usage what was read and written.
   *
   * @throws ErrorReply as Bedrock does for models that keep no prompts
   */
  public AnswerSink before(AnswerSink sink, String model, List<Prefix> prefixes, Models counter)
      throws ErrorReply {
    if (prefixes.isEmpty()) {
      return sink;
    }
    if (!models.contains(model)) {
      throw ErrorReply.of(
          "AccessDeniedException",
          "You invoked an unsupported model or your request did not allow prompt caching.");
    }
    int[] tokens = new int[prefixes.size()];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = counter.countTokens(model, prefixes.get(i).prompt());
    }
    return new AnswerSink() {
      @Override
      public void send(StreamEvent event) throws AnswerEnded {
        sink.send(
            event.payload().path("usage") instanceof ObjectNode
                ? told(event, use(model, prefixes, tokens))
                : event);
      }

      @Override
      public void pause(Duration length) throws AnswerEnded {
        sink.pause(length);
      }
    };
  }

  private synchronized Use use(String model, List<Prefix> prefixes, int[] tokens) {
    long now = clock.millis();
    entries.values().removeIf(entry -> entry.until() <= now);
    int read = 0;
    for (int i = 0; i < tokens.length; i++) {
      Kept entry = entries.get(model + '\n' + prefixes.get(i).text());
      if (entry != null) {
        read = tokens[i];
        keep(model, prefixes.get(i), entry.lifetime(), now);
      }
    }
    int done = read;
    int fiveMinutes = 0;
    int hour = 0;
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] >= MIN_TOKENS && tokens[i] > done) {
        boolean isHour = prefixes.get(i).hour();
        keep(model, prefixes.get(i), isHour ? Duration.ofHours(1) : Duration.ofMinutes(5), now);
        fiveMinutes += isHour ? 0 : tokens[i] - done;
        hour += isHour ? tokens[i] - done : 0;
        done = tokens[i];
      }
    }
    return new Use(read, fiveMinutes, hour);
  }

  private void keep(String model, Prefix prefix, Duration lifetime, long now) {
    entries.put(model + '\n' + prefix.text(), new Kept(lifetime, now + lifetime.toMillis()));
  }

  private static StreamEvent told(StreamEvent event, Use use) {
    ObjectNode payload = event.payload().deepCopy();
    ObjectNode usage = (ObjectNode) payload.path("usage");
    int written = use.fiveMinutes() + use.hour();
    usage
        .put("inputTokens", usage.path("inputTokens").asInt() - use.read() - written)
        .put("cacheReadInputTokens", use.read())
        .put("cacheWriteInputTokens", written);
    if (use.hour() > 0) {
      usage.withArray("cacheDetails").add(detail("1h", use.hour()));
    }
    if (use.fiveMinutes() > 0) {
      usage.withArray("cacheDetails").add(detail("5m", use.fiveMinutes()));
    }
    return new StreamEvent(event.type(), payload);
  }

  private static ObjectNode detail(String lifetime, int tokens) {
    return Json.object().put("ttl", lifetime).put("inputTokens", tokens);
  }
}
