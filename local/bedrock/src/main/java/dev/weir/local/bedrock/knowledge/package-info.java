/** A knowledge base of a few documents, in the wire form of the Bedrock Agent Runtime. */
@NullMarked
package dev.weir.local.bedrock.knowledge;

import org.jspecify.annotations.NullMarked;
