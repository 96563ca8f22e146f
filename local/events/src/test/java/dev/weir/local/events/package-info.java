@NullMarked
package dev.weir.local.events;

import org.jspecify.annotations.NullMarked;
