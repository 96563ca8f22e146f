/** What shows that the state machines are right. */
@NullMarked
package dev.weir.statemachines;

import org.jspecify.annotations.NullMarked;
