package dev.weir.tenant;

import java.util.Locale;

/** What happens, besides the notice, when a tenant's day or month budget is used up. */
public enum AtBudget {
  /** Nothing more: calls that do not fit are refused, running ones end. */
  NOTIFY,
  /** The tenant's kill switch goes off, running answers included, until an operator turns it on. */
  SWITCH_OFF;

  /** As the tenant's item holds it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
