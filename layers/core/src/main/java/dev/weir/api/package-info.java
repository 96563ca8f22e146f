/** OpenAI wire types, their strict readers and writers. */
@NullMarked
package dev.weir.api;

import org.jspecify.annotations.NullMarked;
