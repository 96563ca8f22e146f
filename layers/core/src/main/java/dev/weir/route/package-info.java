/** Which model answers a request, within which caps and deadline. */
@NullMarked
package dev.weir.route;

import org.jspecify.annotations.NullMarked;
