/** What a model may be asked and what it may answer. */
@NullMarked
package dev.weir.model;

import org.jspecify.annotations.NullMarked;
