/** Turning things off in seconds, everywhere, running answers included. */
@NullMarked
package dev.weir.killswitch;

import org.jspecify.annotations.NullMarked;
