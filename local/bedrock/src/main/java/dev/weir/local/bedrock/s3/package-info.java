/** The local S3's objects, which asynchronous invocations read and write. */
@NullMarked
package dev.weir.local.bedrock.s3;

import org.jspecify.annotations.NullMarked;
