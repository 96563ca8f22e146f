package dev.weir.admission;

/**
 * A budget that is used to a mark.
 *
 * @param window attribute name of the day or month window, such as {@code d20261122}
 * @param percent 50, 80 or 100
 * @param usedMicroUsd micro-USD used, reservations of calls in flight included
 * @param limitMicroUsd the budget
 * @param switchesOff whether the tenant is to be switched off for it
 */
public record BudgetMark(
    String tenantId,
    String window,
    int percent,
    long usedMicroUsd,
    long limitMicroUsd,
    long atMillis,
    boolean switchesOff) {}
