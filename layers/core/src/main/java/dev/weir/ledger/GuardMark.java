package dev.weir.ledger;

/**
 * What the guards of one request did.
 *
 * @param versions the guard sets by {@code id@version}, in the order they were applied
 * @param verdict {@code allowed}, {@code masked}, {@code blocked} or {@code unavailable}, and by
 *     which rules
 * @param bypasses texts that passed unjudged because a guard failed and its policy is open
 * @param cost what Bedrock Guardrails charged; part of the row's cost
 */
public record GuardMark(String versions, String verdict, int bypasses, Cost cost) {}
