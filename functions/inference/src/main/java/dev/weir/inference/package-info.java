/** The OpenAI-compatible doors. */
@NullMarked
package dev.weir.inference;

import org.jspecify.annotations.NullMarked;
