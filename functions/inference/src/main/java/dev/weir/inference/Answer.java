package dev.weir.inference;

import dev.weir.api.CompletionHead;
import dev.weir.ledger.Cost;
import dev.weir.ledger.Usage;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.ModelClient;
import dev.weir.model.ModelEvent;
import dev.weir.model.StopReason;
import dev.weir.stream.CompletionFold;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** An answer in the making: takes a model's events and gives the client its reply. */
abstract class Answer implements ModelClient.Sink {

  private final CompletionHead head;
  private final Rendering rendering;
  private final InstantSource clock;
  private CompletionFold fold;
  private Map<String, String> headers = Map.of();
  private OptionalLong firstContentMillis = OptionalLong.empty();

  Answer(CompletionHead head, Rendering rendering, InstantSource clock) {
    this.head = head;
    this.rendering = rendering;
    this.fold = new CompletionFold(head);
    this.clock = clock;
  }

  /**
   * Forgets what has been said, of which nothing has left, and starts again.
   *
   * @param headersNow the reply's headers if this attempt is the one that answers
   */
  final void begin(Map<String, String> headersNow) {
    fold = new CompletionFold(head);
    rendering.begin();
    headers = rendering.headers(headersNow);
    firstContentMillis = OptionalLong.empty();
  }

  /** Whether the client has got anything, so that nothing can be taken back. */
  abstract boolean hasLeft();

  /** The reply's headers. */
  final Map<String, String> headers() {
    return headers;
  }

  /**
   * What the answer cost.
   *
   * @param isEstimated whether the model did not report its usage, so that this is our bound
   */
  record Bill(Usage usage, Cost cost, boolean isEstimated) {}

  @Override
  public final void accept(ModelEvent event) throws ModelClient.SinkClosed {
    take(event);
    if (firstContentMillis.isEmpty() && fold.hasContent()) {
      firstContentMillis = OptionalLong.of(clock.millis());
    }
  }

  /** Folds the event and shows the client what is to be shown now. */
  abstract void take(ModelEvent event) throws ModelClient.SinkClosed;

  /** Ends the reply: the rest of the answer, or what went wrong. Never throws: the bill is due. */
  abstract void end(Ending ending, Bill bill);

  /** Makes true what a complete ending says, before it is said; else it is another ending. */
  final Ending keep(Ending ending) {
    return ending instanceof Ending.Complete
        ? rendering.keep(fold.completion()).<Ending>map(Ending.Failed::new).orElse(ending)
        : ending;
  }

  /** The answer in the words of its door. */
  final Rendering rendering() {
    return rendering;
  }

  /** An ending is only complete when something was said, or withheld on purpose. */
  final Ending judge(Ending ending) {
    Optional<StopReason> reason = fold.stopReason();
    boolean isEmpty =
        ending instanceof Ending.Complete
            && !fold.hasContent()
            && reason.map(StopReason::needsContent).orElse(true);
    return isEmpty
        ? new Ending.Failed(Fault.of(Fault.Kind.EMPTY, "an answer without content"))
        : ending;
  }

  final CompletionFold fold() {
    return fold;
  }

  final OptionalLong firstContentMillis() {
    return firstContentMillis;
  }
}
