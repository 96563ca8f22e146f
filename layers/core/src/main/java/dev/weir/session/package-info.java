/** What is remembered of a conversation between a tenant and its models, and for how long. */
@NullMarked
package dev.weir.session;

import org.jspecify.annotations.NullMarked;
