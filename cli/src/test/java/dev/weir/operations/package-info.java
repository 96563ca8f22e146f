/** A way into the admin function. */
@NullMarked
package dev.weir.operations;

import org.jspecify.annotations.NullMarked;
