/** Remediation as pages for people: self-contained, escaped, without a script. */
@NullMarked
package dev.weir.remedy.page;

import org.jspecify.annotations.NullMarked;
