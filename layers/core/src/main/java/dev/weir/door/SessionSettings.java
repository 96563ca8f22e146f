package dev.weir.door;

import java.time.Duration;

/**
 * What a stack keeps of sessions where a model's row does not say.
 *
 * @param table empty in functions without sessions
 * @param on whether anything is kept at all
 * @param tokens how much of what went before goes to a model
 * @param idle how long a session is kept after its last turn
 * @param whole how long it is kept at most
 */
public record SessionSettings(
    String table, boolean on, long tokens, Duration idle, Duration whole) {}
