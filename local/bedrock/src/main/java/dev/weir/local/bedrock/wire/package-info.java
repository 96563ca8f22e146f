/** Bedrock's wire: paths, requests and their validation, errors, stream events and frames. */
@NullMarked
package dev.weir.local.bedrock.wire;

import org.jspecify.annotations.NullMarked;
