/** What may go to a model and come back from it: rules, verdicts and the sets that declare them. */
@NullMarked
package dev.weir.guard;

import org.jspecify.annotations.NullMarked;
