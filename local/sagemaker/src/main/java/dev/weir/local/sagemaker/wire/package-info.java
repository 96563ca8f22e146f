/** Requests and replies as the services' own models shape them, in AWS JSON and AWS Query. */
@NullMarked
package dev.weir.local.sagemaker.wire;

import org.jspecify.annotations.NullMarked;
