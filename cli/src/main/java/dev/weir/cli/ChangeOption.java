package dev.weir.cli;

import dev.weir.audit.AuditEntry;
import dev.weir.audit.AuditLog;
import dev.weir.audit.AuditLog.Recorded;
import dev.weir.door.Ids;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where a change is audited. */
final class ChangeOption {

  @Option(
      names = "--audit",
      defaultValue = "${env:AUDIT_TABLE:-}",
      description = "The stack's AuditTableName output (default: $AUDIT_TABLE). Empty: no audit.")
  String table = "";

  /**
   * Keeps a change that was made.
   *
   * @param chain the tenant it is about, or {@link AuditEntry#ADMIN}
   * @param facts what it is now, by name; never a key
   * @throws IllegalStateException when it was made and could not be kept
   */
  void made(
      Weir weir,
      String chain,
      String who,
      String action,
      String subject,
      Map<String, String> facts) {
    if (table.isEmpty()) {
      return;
    }
    String trace = Ids.requests(new SecureRandom()).get();
    try (AuditLog log = weir.audit(table)) {
      Recorded recorded =
          log.record(
              new AuditEntry(
                  chain,
                  trace,
                  Instant.now().toEpochMilli(),
                  who,
                  action,
                  subject,
                  "changed",
                  facts));
      if (recorded instanceof Recorded.Waiting) {
        throw new IllegalStateException("changed, but not audited: " + action + " " + subject);
      }
    }
  }
}
