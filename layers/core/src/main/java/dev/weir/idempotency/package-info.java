/**
 * One outcome per idempotency key: what a client sends again is answered again, not asked again.
 */
@NullMarked
package dev.weir.idempotency;

import org.jspecify.annotations.NullMarked;
