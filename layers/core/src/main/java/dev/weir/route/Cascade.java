package dev.weir.route;

import java.util.List;
import java.util.Optional;

/**
 * A small model that is asked first, and the signs that it will not do or has not done. Pure.
 *
 * @param small a model of the catalog
 * @param before looked for in the request
 * @param after looked for in the small model's answer
 * @param asking found out by asking again, when nothing else has spoken against the answer
 * @param streams whether streamed requests are asked of the small model, too: their first token
 *     waits until its whole answer has been judged
 * @param keepsSmall whether a small answer that a signal spoke against is served when the large
 *     model does not answer
 */
public record Cascade(
    Model small,
    List<Signal.Before> before,
    List<Signal.After> after,
    List<Signal.Asking> asking,
    boolean streams,
    boolean keepsSmall) {

  /** Why a streamed request is not asked of the small model. */
  public static final String STREAM = "stream";

  /** Why the large model is asked at once; empty where the small one is first. */
  public Optional<String> escalation(Signal.Question question) {
    if (isForced(question)) {
      return Optional.empty();
    }
    Optional<String> signal =
        before.stream().filter(each -> each.fires(question)).map(Signal::name).findFirst();
    return signal.isEmpty() && question.request().stream() && !streams
        ? Optional.of(STREAM)
        : signal;
  }

  /** Whether the client's word is heard and says the small model. */
  public boolean isForced(Signal.Question question) {
    return hearsClient() && question.tier().filter(Tier.SMALL::equals).isPresent();
  }

  /** Whether the client may choose. */
  public boolean hearsClient() {
    return before.stream().anyMatch(Signal.Asked.class::isInstance);
  }
}
