/** API keys and tenants. */
@NullMarked
package dev.weir.tenant;

import org.jspecify.annotations.NullMarked;
