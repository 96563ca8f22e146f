/** DynamoDB Local as a process of its own, for development and tests only. */
@NullMarked
package dev.weir.local.dynamodb;

import org.jspecify.annotations.NullMarked;
