package dev.weir.cli;

import dev.weir.admin.AdminReply;
import dev.weir.admin.AdminRequest;
import java.io.IOException;

/** A way to a deployment's admin API. */
@FunctionalInterface
interface Way extends AutoCloseable {
  AdminReply send(AdminRequest request) throws IOException;

  /** Ends what the way has begun; nothing by default. */
  @Override
  default void close() {}
}
