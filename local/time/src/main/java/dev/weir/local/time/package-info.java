/** Time that stand-ins live in: as it passes, or virtual, so that weeks take seconds. */
@NullMarked
package dev.weir.local.time;

import org.jspecify.annotations.NullMarked;
