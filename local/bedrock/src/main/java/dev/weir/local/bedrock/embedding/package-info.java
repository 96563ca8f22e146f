/** Embedding models: a real small one and a deterministic one. */
@NullMarked
package dev.weir.local.bedrock.embedding;

import org.jspecify.annotations.NullMarked;
