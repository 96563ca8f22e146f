/**
 * A Lambda service for one machine: functions run in child processes, their environments, which ask
 * a Runtime API of their own for events.
 */
@NullMarked
package dev.weir.local.lambda;

import org.jspecify.annotations.NullMarked;
