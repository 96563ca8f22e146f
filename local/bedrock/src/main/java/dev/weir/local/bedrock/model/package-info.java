/** What answers: the small real model, the scripted words and the scripts set by a test. */
@NullMarked
package dev.weir.local.bedrock.model;

import org.jspecify.annotations.NullMarked;
