/** Server-sent events and the fold from model events to a completion. */
@NullMarked
package dev.weir.stream;

import org.jspecify.annotations.NullMarked;
