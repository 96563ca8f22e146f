/** What the world is made of: resources and their changes in time. */
@NullMarked
package dev.weir.local.sagemaker.state;

import org.jspecify.annotations.NullMarked;
