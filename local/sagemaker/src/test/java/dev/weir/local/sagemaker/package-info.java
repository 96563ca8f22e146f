@NullMarked
package dev.weir.local.sagemaker;

import org.jspecify.annotations.NullMarked;
