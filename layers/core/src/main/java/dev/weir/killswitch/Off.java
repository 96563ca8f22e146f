package dev.weir.killswitch;

/**
 * A switch that is off.
 *
 * @param atMillis epoch milliseconds since when
 * @param by who turned it off
 * @param why for clients to read
 */
public record Off(Target target, long atMillis, String by, String why) {}
