/**
 * What the state machines of remediation ask: is it well, has it moved, is it used, what is to
 * come.
 */
@NullMarked
package dev.weir.remediation;

import org.jspecify.annotations.NullMarked;
