/** What remediation may do now, what it is at, and how people start it. */
@NullMarked
package dev.weir.remedy.rule;

import org.jspecify.annotations.NullMarked;
