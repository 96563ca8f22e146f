/** Quotas of the account, how much of them is used, and what Provisioned Throughput would cost. */
@NullMarked
package dev.weir.capacity;

import org.jspecify.annotations.NullMarked;
