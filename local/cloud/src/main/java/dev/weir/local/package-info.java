/** The whole of template.yaml on one machine: the supervisor behind {@code make run}. */
@NullMarked
package dev.weir.local;

import org.jspecify.annotations.NullMarked;
