/** One AWS account in memory, as state machines call it. */
@NullMarked
package dev.weir.local.account;

import org.jspecify.annotations.NullMarked;
