@NullMarked
package dev.weir.local.bedrock.wire;

import org.jspecify.annotations.NullMarked;
