@NullMarked
package dev.weir.local.bedrock.model;

import org.jspecify.annotations.NullMarked;
