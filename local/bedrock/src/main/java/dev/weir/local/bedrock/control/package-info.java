/** What a test sets and reads: faults and call counts. */
@NullMarked
package dev.weir.local.bedrock.control;

import org.jspecify.annotations.NullMarked;
