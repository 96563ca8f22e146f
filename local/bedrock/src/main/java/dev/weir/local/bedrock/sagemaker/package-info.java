/** What stands in for the containers behind SageMaker endpoints. */
@NullMarked
package dev.weir.local.bedrock.sagemaker;

import org.jspecify.annotations.NullMarked;
