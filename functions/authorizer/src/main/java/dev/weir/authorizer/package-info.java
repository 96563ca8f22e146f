/** The door before the doors: API key to tenant context. */
@NullMarked
package dev.weir.authorizer;

import org.jspecify.annotations.NullMarked;
