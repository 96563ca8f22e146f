package dev.weir.store;

import java.time.Duration;

/**
 * How long and how often a request is tried.
 *
 * @param connect longest wait for a connection
 * @param read longest wait for the next bytes of a reply
 * @param call longest time for all attempts and the pauses between them, unless the request says
 *     otherwise
 * @param attempts most attempts
 */
record Patience(Duration connect, Duration read, Duration call, int attempts) {}
