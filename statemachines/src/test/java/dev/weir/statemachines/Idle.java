package dev.weir.statemachines;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.state.Kind;

/**
 * Something that is stopped when nobody uses it, as the world knows it.
 *
 * @param running its status while it runs
 * @param ended its status once it is stopped
 * @param stop the operation that stops it
 */
record Idle(String action, Kind kind, String name, String running, String ended, String stop) {
  static final Idle NOTEBOOK =
      new Idle(
          "stop-notebook",
          Kind.NOTEBOOK_INSTANCE,
          "lab",
          "InService",
          "Stopped",
          "StopNotebookInstance");

  static Idle app(String type) {
    return new Idle(
        "delete-app",
        Kind.APP,
        "d-1/ann/" + type + "/default",
        "InService",
        "Deleted",
        "DeleteApp");
  }

  static Idle job(Kind kind) {
    return new Idle("stop-job", kind, "old", "InProgress", "Stopped", "Stop" + kind.noun());
  }

  void put(Rig rig, String status) {
    rig.world.put(kind, name, Rig.json("{'%s':'%s'}".formatted(kind.statusMember(), status)));
  }

  /** The sweep asks for its stop. */
  void found(Rig rig) {
    ObjectNode detail = Rig.JSON.createObjectNode().put("target", name).put("kind", kind.path());
    detail.put("reason", "QUIET").putArray("evidence").add("nobody was there");
    rig.send("weir.sweep", "Idle Resource", detail);
  }
}
