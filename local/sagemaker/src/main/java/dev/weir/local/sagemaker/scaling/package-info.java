/** Application Auto Scaling for SageMaker: targets, policies, and what the policies do. */
@NullMarked
package dev.weir.local.sagemaker.scaling;

import org.jspecify.annotations.NullMarked;
