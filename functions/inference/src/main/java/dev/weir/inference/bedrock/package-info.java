/** Asks models through Amazon Bedrock's Converse and ConverseStream. */
@NullMarked
package dev.weir.inference.bedrock;

import org.jspecify.annotations.NullMarked;
