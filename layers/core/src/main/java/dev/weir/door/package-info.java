/** One handler shape, and the one place where an outcome becomes a status and an error body. */
@NullMarked
package dev.weir.door;

import org.jspecify.annotations.NullMarked;
