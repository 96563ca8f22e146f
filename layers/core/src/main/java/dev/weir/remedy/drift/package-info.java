/** Whether what a model is asked still looks like what it was trained on. */
@NullMarked
package dev.weir.remedy.drift;

import org.jspecify.annotations.NullMarked;
