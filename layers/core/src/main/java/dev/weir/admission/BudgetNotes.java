package dev.weir.admission;

/** Where it is written down that a budget is used to a mark. */
@FunctionalInterface
public interface BudgetNotes {

  /** True when it is written down for good, now or before; must not throw. */
  boolean note(BudgetMark mark);
}
