package dev.weir.runtime;

import com.amazonaws.services.lambda.crac.CheckpointException;
import com.amazonaws.services.lambda.crac.Context;
import com.amazonaws.services.lambda.crac.Core;
import com.amazonaws.services.lambda.crac.Resource;
import com.amazonaws.services.lambda.crac.RestoreException;
import com.amazonaws.services.lambda.runtime.api.client.runtimeapi.JniHelper;
import java.io.IOException;
import java.util.Optional;

/**
 * The SnapStart part of start-up: hooks before the snapshot, the wait for a restore, hooks after
 * it. The hooks are those of the runtime client's CRaC context.
 */
final class Snapshot {
  private Snapshot() {}

  /** Points {@code org.crac} at the runtime client's context; without it hooks are never called. */
  static void connectHooks() {
    if (System.getProperty("org.crac.Core.Compat") == null) {
      System.setProperty("org.crac.Core.Compat", "com.amazonaws.services.lambda.crac");
    }
  }

  /**
   * Returns when the environment runs from the snapshot.
   *
   * @throws CheckpointException when a hook failed before the snapshot; the API has been told
   * @throws RestoreException when a hook failed after the restore; the API has been told
   */
  static void take(RuntimeApi api) throws IOException, CheckpointException, RestoreException {
    var hooks = hooks();
    try {
      if (hooks.isPresent()) {
        hooks.get().beforeCheckpoint(hooks.get());
      }
    } catch (CheckpointException | RuntimeException | Error e) {
      api.initError(failureOf(e));
      throw e;
    }
    api.restoreNext();
    try {
      if (hooks.isPresent()) {
        hooks.get().afterRestore(hooks.get());
      }
    } catch (RestoreException | RuntimeException | Error e) {
      api.restoreError(failureOf(e));
      throw e;
    }
  }

  /** The context and the native library it calls; a function without its hooks is only slower. */
  private static Optional<Context<Resource>> hooks() {
    try {
      JniHelper.load();
      return Optional.of(Core.getGlobalContext());
    } catch (LinkageError e) {
      Log.error("hooks not run", "", Failure.of(e));
      return Optional.empty();
    }
  }

  /** The hook's own exception; the context only wraps it. */
  private static Failure failureOf(Throwable error) {
    var causes = error.getSuppressed();
    return Failure.of(causes.length > 0 ? causes[0] : error);
  }
}
