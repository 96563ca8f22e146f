/** Asking people before a plan is carried out: once, for a while, by a signed link. */
@NullMarked
package dev.weir.remedy.approval;

import org.jspecify.annotations.NullMarked;
