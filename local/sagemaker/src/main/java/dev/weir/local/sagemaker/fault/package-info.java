/** What shall go wrong, by call and by resource. */
@NullMarked
package dev.weir.local.sagemaker.fault;

import org.jspecify.annotations.NullMarked;
