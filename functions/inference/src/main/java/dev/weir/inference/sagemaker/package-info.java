/** SageMaker Runtime: endpoints that answer chat completions, and endpoints as they are. */
@NullMarked
package dev.weir.inference.sagemaker;

import org.jspecify.annotations.NullMarked;
