/** Digests. */
@NullMarked
package dev.weir.hash;

import org.jspecify.annotations.NullMarked;
