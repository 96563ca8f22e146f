/**
 * HTTP/1.1 on loopback. Both sides of the local cloud need what library servers withhold: trailers
 * of a chunked request, and the news that a client went away while nothing is being written.
 */
@NullMarked
package dev.weir.local.http;

import org.jspecify.annotations.NullMarked;
