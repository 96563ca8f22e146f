/**
 * A runner of state machines in the Amazon States Language, as Step Functions' standard workflows
 * run them: the engine, its clock, its histories and the control plane over it.
 */
@NullMarked
package dev.weir.states;

import org.jspecify.annotations.NullMarked;
