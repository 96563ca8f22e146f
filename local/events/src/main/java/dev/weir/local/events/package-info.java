/**
 * EventBridge's default bus: rules with their patterns, schedules and targets. What it does not
 * know it refuses when the rule is read. {@link dev.weir.local.events.EventBus} is the way in.
 *
 * <p>Rules come from the EventBridge user guide and API reference. Not there: other buses, {@code
 * cidr}, archives, schemas, array indexes and wildcards in paths.
 */
@NullMarked
package dev.weir.local.events;

import org.jspecify.annotations.NullMarked;
