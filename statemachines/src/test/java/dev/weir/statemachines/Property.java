package dev.weir.statemachines;

import java.util.function.Consumer;

/** What must hold after every storm; numbered as in docs/remediation.md. */
enum Property {
  P1(
      "at most one holder of a resource at a time",
      after -> {
        after.invariants().oneHolderAtATime();
        after.nobodyBeginsBeforeTheOneBeforeHasEnded();
      }),
  P2(
      "attempts within their number in any window, and after the cooldown",
      after -> {
        after.invariants().attemptsWithinLimit();
        after.nobodyBeginsWithinTheCooldown();
      }),
  P3(
      "no change in off, dry run, unknown, exhausted, storm and freeze, none beyond a limit",
      after -> {
        after.nothingIsChangedThatMayNotBe();
        after.nobodyBeginsBeyondTheLimits();
      }),
  P4(
      "every execution ends with its row, and holds nothing then",
      after -> {
        after.invariants().everyExecutionEndsRecorded();
        after.whateverWasBegunHasEnded();
      }),
  P5(
      "of what is not resolved somebody is told, once",
      after -> after.invariants().oneEscalationForEachUnresolvedIncident()),
  P6(
      "nothing is deleted unasked, or that cannot be made again",
      after -> {
        after.invariants().nothingDeletedUnasked();
        after.nothingIsDeletedThatCannotBeMadeAgain();
      }),
  P7("never above the maximum, never less after success", Aftermath::capacityStaysWithinBounds),
  P8("protected, excluded and paused ones are not touched", Aftermath::whatIsSparedIsNotTouched),
  P9(
      "events that come ten times, and runs that are killed, end in the same world",
      Aftermath::happeningAgainChangesNothing),
  P10(
      "with the faults gone, everything recovers or is told of, in time",
      Aftermath::everythingComesToAnEnd),
  P11("every minimum is given back", Aftermath::everyMinimumIsGivenBack);

  private final String says;
  private final Consumer<Aftermath> check;

  Property(String says, Consumer<Aftermath> check) {
    this.says = says;
    this.check = check;
  }

  String says() {
    return says;
  }

  void check(Aftermath after) {
    check.accept(after);
  }
}
