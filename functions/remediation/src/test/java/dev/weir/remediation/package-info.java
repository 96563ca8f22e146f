@NullMarked
package dev.weir.remediation;

import org.jspecify.annotations.NullMarked;
