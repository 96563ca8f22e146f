/** The exact response cache and its single-flight lease. */
@NullMarked
package dev.weir.cache;

import org.jspecify.annotations.NullMarked;
