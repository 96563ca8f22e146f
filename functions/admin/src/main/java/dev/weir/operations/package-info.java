/** The operators' doors: the admin routes, what alarms turn off, and what budgets tell. */
@NullMarked
package dev.weir.operations;

import org.jspecify.annotations.NullMarked;
