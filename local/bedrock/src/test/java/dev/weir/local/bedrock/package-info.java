@NullMarked
package dev.weir.local.bedrock;

import org.jspecify.annotations.NullMarked;
