/** One attempt at an AWS endpoint that answers little by little, ended wherever it stalls. */
@NullMarked
package dev.weir.inference.upstream;

import org.jspecify.annotations.NullMarked;
