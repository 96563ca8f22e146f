/** Exact limits and budgets: one conditional update admits, another settles. */
@NullMarked
package dev.weir.admission;

import org.jspecify.annotations.NullMarked;
