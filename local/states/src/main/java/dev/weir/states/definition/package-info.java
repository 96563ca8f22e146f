/** What a state machine says, read strictly: the states, their fields and their expressions. */
@NullMarked
package dev.weir.states.definition;

import org.jspecify.annotations.NullMarked;
