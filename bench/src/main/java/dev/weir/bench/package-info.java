/** Measures Weir beside the parts it stands on, on one machine, in one interleaved run. */
@NullMarked
package dev.weir.bench;

import org.jspecify.annotations.NullMarked;
