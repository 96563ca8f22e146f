/**
 * What is wrong with a state machine, found without running it: calls that AWS does not have,
 * variables that nothing assigned, and ways on which a machine would act unsafely.
 */
@NullMarked
package dev.weir.statemachines.lint;

import org.jspecify.annotations.NullMarked;
