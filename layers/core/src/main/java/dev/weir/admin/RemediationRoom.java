package dev.weir.admin;

import dev.weir.remedy.approval.Approvals;
import dev.weir.remedy.rule.Guard;
import dev.weir.store.RemediationTable;

/** What operators look after of remediation. */
public record RemediationRoom(RemediationTable table, Approvals approvals, Guard guard) {}
