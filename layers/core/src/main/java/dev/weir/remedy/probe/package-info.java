/** Whether an endpoint really answers, and whether it is warm. */
@NullMarked
package dev.weir.remedy.probe;

import org.jspecify.annotations.NullMarked;
