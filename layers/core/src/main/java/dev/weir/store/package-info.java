/** DynamoDB, one file per access pattern; the only room that sees the AWS SDK. */
@NullMarked
package dev.weir.store;

import org.jspecify.annotations.NullMarked;
