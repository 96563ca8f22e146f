/** The Bedrock Runtime on loopback: its real wire over local models, its own process. */
@NullMarked
package dev.weir.local.bedrock;

import org.jspecify.annotations.NullMarked;
