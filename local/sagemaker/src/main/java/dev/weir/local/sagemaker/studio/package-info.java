/** Notebook instances and Studio apps. */
@NullMarked
package dev.weir.local.sagemaker.studio;

import org.jspecify.annotations.NullMarked;
