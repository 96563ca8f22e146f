package dev.weir.inference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.api.ApiError;
import dev.weir.api.ChatChunk;
import dev.weir.api.ChatCompletion;
import dev.weir.api.CompletionHead;
import dev.weir.api.ResponseBody;
import dev.weir.api.ResponsesNames;
import dev.weir.model.Fault;
import dev.weir.retrieval.Grounding;
import dev.weir.stream.ResponseFold;
import dev.weir.stream.SseWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** One response, as events or as a body, from one fold; kept before it is said to be complete. */
final class ResponsesRendering implements Rendering {

  private static final String IGNORED = "x-weir-ignored";
  private static final String MEMORY = "x-weir-memory";

  private final ResponsesForm form;
  private final Visit visit;
  private final ChatPlan plan;
  private final Optional<TurnKeeper> keeper;
  private CompletionHead head;
  private ResponseFold fold;
  private long sequence;
  private boolean isOpen;

  ResponsesRendering(ResponsesForm form, Visit visit, ChatPlan plan) {
    this.form = form;
    this.visit = visit;
    this.plan = plan;
    // Admission has just told what the tenant allows.
    this.keeper = form.keeper().filter(found -> found.isAllowed().getAsBoolean());
    this.head = Answers.head(visit, plan);
    this.fold = new ResponseFold(turn());
  }

  /** What the ids of a response and of its items have in common. */
  private String turn() {
    return head.id().substring(ResponsesForm.ID_PREFIX.length());
  }

  @Override
  public void begin() {
    fold = new ResponseFold(turn());
    sequence = 0;
    isOpen = false;
  }

  @Override
  public Map<String, String> headers(Map<String, String> headers) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    // What the model was told when the kept answer was made is not known.
    if (!all.containsKey(Kept.REPLAY.header())) {
      all.put(MEMORY, form.before().how());
    }
    all.computeIfPresent(
        IGNORED,
        (_, names) ->
            Arrays.stream(names.split(", ", -1))
                .map(ResponsesNames::name)
                .collect(Collectors.joining(", ")));
    return all;
  }

  @Override
  public List<Shown> take(List<ChatChunk> chunks) {
    List<Shown> shown = new ArrayList<>();
    for (ChatChunk chunk : chunks) {
      // One that was kept for an idempotency key has the id it was kept with.
      if (!chunk.head().equals(head)) {
        head = chunk.head();
        fold = new ResponseFold(turn());
      }
      List<ObjectNode> events = fold.accept(chunk);
      // An end without a word is an answer, too: a guard may have taken all of it.
      if (!events.isEmpty() || chunk.delta() instanceof ChatChunk.Finish) {
        open(shown);
      }
      events.forEach(event -> shown.add(numbered(event)));
    }
    return shown;
  }

  @Override
  public Optional<Fault> keep(ChatCompletion whole) {
    return keeper.flatMap(
        found -> found.keep(visit.tenantId(), head.id(), turn(), own(), ended(whole)));
  }

  @Override
  public byte[] body(ChatCompletion whole) {
    return bytes(ended(whole));
  }

  @Override
  public void end(SseWriter events, ChatCompletion whole) throws IOException {
    show(events, "response." + ResponseBody.status(fold.finishReason()), ended(whole));
  }

  @Override
  public void fail(SseWriter events, ApiError error) throws IOException {
    show(events, "response.failed", body().failed(fold.output(), error));
  }

  /** Sends the last event, and what comes before all others where nothing was said. */
  private void show(SseWriter events, String type, ObjectNode response) throws IOException {
    List<Shown> last = new ArrayList<>();
    open(last);
    last.add(lifecycle(type, response));
    for (Shown each : last) {
      each.to(events);
    }
  }

  private void open(List<Shown> shown) {
    if (!isOpen) {
      isOpen = true;
      shown.add(lifecycle("response.created", body().inProgress()));
      shown.add(lifecycle("response.in_progress", body().inProgress()));
    }
  }

  private Shown lifecycle(String type, ObjectNode response) {
    ObjectNode event = JsonNodeFactory.instance.objectNode().put("type", type);
    event.set("response", response);
    return numbered(event);
  }

  private Shown numbered(ObjectNode event) {
    event.put("sequence_number", sequence++);
    return events -> events.event(event.path("type").asText(), bytes(event));
  }

  private ResponseBody body() {
    return new ResponseBody(head, form.request(), plan.request(), keeper.isPresent());
  }

  private ObjectNode ended(ChatCompletion whole) {
    return body().ended(fold.output(), fold.finishReason(), whole.usage());
  }

  /** This turn's messages as the guards have left them, without the documents found for them. */
  private List<JsonNode> own() {
    List<JsonNode> messages = new ArrayList<>();
    plan.request().body().path("messages").forEach(each -> messages.add(Grounding.without(each)));
    return messages.subList(messages.size() - form.own(), messages.size());
  }

  private static byte[] bytes(ObjectNode node) {
    return node.toString().getBytes(StandardCharsets.UTF_8);
  }
}
