/** What a question is grounded in: passages of a knowledge base, and where they came from. */
@NullMarked
package dev.weir.retrieval;

import org.jspecify.annotations.NullMarked;
