package dev.weir.local.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.events.DeadLetterQueues.DeadLetter;
import dev.weir.local.events.Target.Receipt;
import dev.weir.local.time.Scheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The default bus of one account: takes events, and sends them to the targets of the rules that
 * select them. Safe for threads as far as its scheduler is.
 */
public final class EventBus {
  private static final int MOST_ENTRIES = 10;
  private static final int REQUEST_BYTES = 256 << 10;

  /** "Exponential back off"; the documentation tells no numbers. */
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

  private static final int MOST_DOUBLINGS = 9;

  private final String region;
  private final String account;
  private final Scheduler time;
  private final Supplier<String> ids;
  private final Target target;
  private final DeadLetterQueues deadLetters;
  private final Map<String, Rule> rules = new LinkedHashMap<>();

  /**
   * @param ids of events
   * @param target of every rule; told which by its ARN
   */
  public EventBus(
      String region,
      String account,
      Scheduler time,
      Supplier<String> ids,
      Target target,
      DeadLetterQueues deadLetters) {
    this.region = region;
    this.account = account;
    this.time = time;
    this.ids = ids;
    this.target = target;
    this.deadLetters = deadLetters;
  }

  /**
   * Adds a rule, whose schedule begins now.
   *
   * @throws IllegalArgumentException there is one of this name
   */
  public void add(Rule rule) {
    time.call(() -> {
      if (rules.putIfAbsent(rule.name(), rule) != null) {
        throw new IllegalArgumentException("two rules " + rule.name());
      }
      schedule(rule, time.instant());
      return rule;
    });
  }

  /** Takes a whole event, as services send it. */
  public void publish(ObjectNode event) {
    ObjectNode taken = event.deepCopy();
    time.call(() -> {
      rules.values().stream().filter(it -> it.matches(taken)).forEach(it -> send(it, taken));
      return taken;
    });
  }

  /**
   * PutEvents: takes up to ten events and answers with their ids, or with what is wrong with them.
   *
   * @param request as the API has it
   * @throws EventsException none or more than ten entries, or more than 256 KiB
   */
  public ObjectNode putEvents(ObjectNode request) {
    JsonNode entries = request.path("Entries");
    if (entries.isEmpty() || entries.size() > MOST_ENTRIES) {
      throw new EventsException("Entries must have from 1 to " + MOST_ENTRIES + " members");
    }
    if (entries.toString().getBytes(StandardCharsets.UTF_8).length > REQUEST_BYTES) {
      throw new EventsException("Total size of the entries in the request is over the limit.");
    }
    ObjectNode reply = JsonNodeFactory.instance.objectNode().put("FailedEntryCount", 0);
    ArrayNode results = reply.putArray("Entries");
    for (JsonNode entry : entries) {
      ObjectNode result = put(Entry.read(entry));
      if (result.has("ErrorCode")) {
        reply.put("FailedEntryCount", reply.get("FailedEntryCount").asInt() + 1);
      }
      results.add(result);
    }
    return reply;
  }

  private ObjectNode put(Entry entry) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    return switch (entry) {
      case Entry.Refused(var code, var message) ->
          result.put("ErrorCode", code).put("ErrorMessage", message);
      case Entry.Accepted(var source, var type, var at, var resources, var detail) -> {
        ObjectNode event = envelope(source, type, at.orElseGet(time::instant));
        event.set("resources", resources);
        event.set("detail", detail);
        publish(event);
        yield result.put("EventId", event.get("id").asText());
      }
    };
  }

  private void schedule(Rule rule, Instant after) {
    rule.schedule()
        .flatMap(it -> it.next(after))
        .ifPresent(next ->
            time.after(
                Duration.between(time.instant(), next),
                () -> {
                  ObjectNode event = envelope("aws.events", "Scheduled Event", next);
                  event.putArray("resources").add(arn(rule));
                  event.putObject("detail");
                  send(rule, event);
                  schedule(rule, next);
                }));
  }

  private ObjectNode envelope(String source, String type, Instant at) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("version", "0")
        .put("id", ids.get())
        .put("detail-type", type)
        .put("source", source)
        .put("account", account)
        .put("time", at.truncatedTo(ChronoUnit.SECONDS).toString())
        .put("region", region);
  }

  private void send(Rule rule, ObjectNode event) {
    Instant ingested = time.instant();
    for (RuleTarget to : rule.targets()) {
      String seconds = ingested.truncatedTo(ChronoUnit.SECONDS).toString();
      JsonNode payload = to.input().payload(event, rule.name(), arn(rule), seconds);
      new Delivery(to, arn(rule), event, payload, ingested).attemptAfter(Duration.ZERO, 0);
    }
  }

  private String arn(Rule rule) {
    return "arn:aws:events:" + region + ":" + account + ":rule/" + rule.name();
  }

  /** One event on its way to one target. */
  private final class Delivery {
    private final RuleTarget to;
    private final String ruleArn;
    private final ObjectNode event;
    private final JsonNode payload;
    private final Instant ingested;

    Delivery(RuleTarget to, String ruleArn, ObjectNode event, JsonNode payload, Instant ingested) {
      this.to = to;
      this.ruleArn = ruleArn;
      this.event = event;
      this.payload = payload;
      this.ingested = ingested;
    }

    void attemptAfter(Duration delay, int retries) {
      time.after(delay, () -> attempt(retries));
    }

    private void attempt(int retries) {
      switch (target.deliver(to.arn(), payload)) {
        case Receipt.Taken() -> {}
        case Receipt.Refused refusal -> refused(refusal, retries);
      }
    }

    private void refused(Receipt.Refused refusal, int retries) {
      Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(retries, MOST_DOUBLINGS));
      Instant end = ingested.plusSeconds(to.retryPolicy().ageSeconds());
      if (!refusal.again()) {
        bury(refusal, retries, Optional.empty());
      } else if (retries >= to.retryPolicy().attempts()) {
        bury(refusal, retries, Optional.of("MaximumRetryAttempts"));
      } else if (time.instant().plus(delay).isAfter(end)) {
        bury(refusal, retries, Optional.of("MaximumEventAgeInSeconds"));
      } else {
        attemptAfter(delay, retries + 1);
      }
    }

    private void bury(Receipt.Refused refusal, int retries, Optional<String> exhausted) {
      Map<String, String> attributes = new TreeMap<>();
      attributes.put("RULE_ARN", ruleArn);
      attributes.put("TARGET_ARN", to.arn());
      attributes.put("ERROR_CODE", refusal.code());
      attributes.put("ERROR_MESSAGE", refusal.message());
      attributes.put("RETRY_ATTEMPTS", Integer.toString(retries));
      exhausted.ifPresent(it -> attributes.put("EXHAUSTED_RETRY_CONDITION", it));
      to.deadLetterArn()
          .ifPresent(queue -> deadLetters.send(queue, new DeadLetter(event, attributes)));
    }
  }
}
