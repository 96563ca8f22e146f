@NullMarked
package dev.weir.states;

import org.jspecify.annotations.NullMarked;
