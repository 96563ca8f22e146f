/** Usage, prices, cost and the ledger. */
@NullMarked
package dev.weir.ledger;

import org.jspecify.annotations.NullMarked;
