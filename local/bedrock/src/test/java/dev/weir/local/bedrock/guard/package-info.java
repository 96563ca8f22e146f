@NullMarked
package dev.weir.local.bedrock.guard;

import org.jspecify.annotations.NullMarked;
