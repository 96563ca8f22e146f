/** The streaming Lambda Runtime-API loop and what a handler sees of it. */
@NullMarked
package dev.weir.runtime;

import org.jspecify.annotations.NullMarked;
