/** What has happened: incidents, as the guard and people have written them down. */
@NullMarked
package dev.weir.remedy.incident;

import org.jspecify.annotations.NullMarked;
