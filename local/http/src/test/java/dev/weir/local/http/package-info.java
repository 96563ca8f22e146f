@NullMarked
package dev.weir.local.http;

import org.jspecify.annotations.NullMarked;
