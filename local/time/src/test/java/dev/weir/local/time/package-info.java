@NullMarked
package dev.weir.local.time;

import org.jspecify.annotations.NullMarked;
