/** What operators ask for, decided once for the admin routes and the command line. */
@NullMarked
package dev.weir.admin;

import org.jspecify.annotations.NullMarked;
