/** Child processes that never outlive the local cloud. */
@NullMarked
package dev.weir.local.process;

import org.jspecify.annotations.NullMarked;
