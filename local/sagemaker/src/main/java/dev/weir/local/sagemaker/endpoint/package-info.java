/** Models, endpoint configurations, endpoints and inference components. */
@NullMarked
package dev.weir.local.sagemaker.endpoint;

import org.jspecify.annotations.NullMarked;
