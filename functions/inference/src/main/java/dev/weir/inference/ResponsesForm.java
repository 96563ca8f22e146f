package dev.weir.inference;

import dev.weir.api.ChatCompletion;
import dev.weir.api.ResponsesNames;
import dev.weir.api.ResponsesRequest;
import dev.weir.door.Problem;
import java.util.Optional;

/**
 * Responses and their events.
 *
 * @param request as the client sent it
 * @param before what it goes on from
 * @param own how many of the chat completion's last messages this turn has brought
 * @param keeper keeps the turn, if it is to be kept
 * @param takeover has it answered on a summary of what it goes on from, where one is due
 */
record ResponsesForm(
    ResponsesRequest request,
    Remembered before,
    int own,
    Optional<TurnKeeper> keeper,
    Optional<Takeover> takeover)
    implements Form {

  static final String ID_PREFIX = "resp_";

  @Override
  public String idPrefix() {
    return ID_PREFIX;
  }

  @Override
  public Rendering rendering(Visit visit, ChatPlan plan) {
    return new ResponsesRendering(this, visit, plan);
  }

  @Override
  public String terms() {
    return keeper.isPresent() ? " kept" : "";
  }

  @Override
  public Optional<Problem> gone(Visit visit, ChatCompletion kept) {
    return keeper.flatMap(found -> found.gone(visit.tenantId(), kept.head().id()));
  }

  @Override
  public Problem named(Problem problem) {
    return new Problem(ResponsesNames.renamed(problem.error()), problem.headers());
  }
}
