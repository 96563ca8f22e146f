/** The whole stack, driven from outside. */
@NullMarked
package dev.weir.e2e;

import org.jspecify.annotations.NullMarked;
