/** How requests to AWS leave. */
@NullMarked
package dev.weir.http;

import org.jspecify.annotations.NullMarked;
