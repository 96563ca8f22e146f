/** SageMaker endpoints offered as they are: which there are, and what they cost. */
@NullMarked
package dev.weir.endpoint;

import org.jspecify.annotations.NullMarked;
