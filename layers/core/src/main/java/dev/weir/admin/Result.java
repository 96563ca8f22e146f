package dev.weir.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.api.ApiError;
import dev.weir.audit.Report;
import dev.weir.capacity.CapacityReport;
import dev.weir.killswitch.Off;
import dev.weir.ledger.Bill;
import dev.weir.remedy.page.Page;
import dev.weir.route.ModelCatalog;
import dev.weir.store.TenantPage;
import dev.weir.tenant.IssuedKey;
import dev.weir.tenant.Spend;
import dev.weir.tenant.Tenant;
import java.time.LocalDate;
import java.util.List;

/** What became of a command. */
sealed interface Result {

  record Tenants(TenantPage page) implements Result {}

  /**
   * A tenant as it is now.
   *
   * @param isNew whether this command has made it
   */
  record Shown(Tenant tenant, Spend spend, boolean isNew) implements Result {}

  /** The only time its secret is known. */
  record Issued(IssuedKey key) implements Result {}

  record Sums(LocalDate from, LocalDate to, Bill bill) implements Result {}

  record Verified(Report report) implements Result {}

  record Routes(ModelCatalog catalog) implements Result {}

  record Capacity(CapacityReport report) implements Result {}

  record Switches(List<Off> off) implements Result {}

  /** What is shown as it is. */
  record Told(ObjectNode json) implements Result {}

  /** A page for people. */
  record Paged(Page page) implements Result {}

  /** It is so now, whether it was before or not. */
  record Done() implements Result {}

  /** Nothing was changed. */
  record Refused(ApiError error) implements Result {}
}
