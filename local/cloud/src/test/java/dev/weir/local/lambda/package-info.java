@NullMarked
package dev.weir.local.lambda;

import org.jspecify.annotations.NullMarked;
