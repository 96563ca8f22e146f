/**
 * What was decided, by whom, over which data and under which policies: append-only, hash-chained.
 */
@NullMarked
package dev.weir.audit;

import org.jspecify.annotations.NullMarked;
