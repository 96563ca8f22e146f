/** How much will be used in the months to come. */
@NullMarked
package dev.weir.remedy.forecast;

import org.jspecify.annotations.NullMarked;
