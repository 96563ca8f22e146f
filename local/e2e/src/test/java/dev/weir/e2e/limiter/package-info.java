/** The limiter against DynamoDB Local: one differential test, and many processes at once. */
@NullMarked
package dev.weir.e2e.limiter;

import org.jspecify.annotations.NullMarked;
