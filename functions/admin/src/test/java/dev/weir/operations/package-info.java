/** The operators' doors, by the events API Gateway and AWS send. */
@NullMarked
package dev.weir.operations;

import org.jspecify.annotations.NullMarked;
