@NullMarked
package dev.weir.states.definition;

import org.jspecify.annotations.NullMarked;
