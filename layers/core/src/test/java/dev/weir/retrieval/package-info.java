@NullMarked
package dev.weir.retrieval;

import org.jspecify.annotations.NullMarked;
