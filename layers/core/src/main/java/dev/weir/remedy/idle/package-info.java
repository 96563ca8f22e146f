/** Whether something that costs money by the hour is used. */
@NullMarked
package dev.weir.remedy.idle;

import org.jspecify.annotations.NullMarked;
