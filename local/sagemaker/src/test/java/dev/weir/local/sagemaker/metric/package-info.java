@NullMarked
package dev.weir.local.sagemaker.metric;

import org.jspecify.annotations.NullMarked;
