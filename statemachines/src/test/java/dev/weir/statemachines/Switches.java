package dev.weir.statemachines;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The modes of all actions, and what they were at any time. */
final class Switches {
  private static final List<String> MODES = List.of("off", "dry-run", "approve", "auto");
  private final Rig rig;
  private final Map<String, List<Setting>> settings = new HashMap<>();
  private String global = "auto";

  private record Setting(
      Instant at, String mode, Instant frozenUntil, Map<String, Integer> limits) {}

  Switches(Rig rig) {
    this.rig = rig;
    set("GLOBAL", global);
  }

  void set(String action, String mode) {
    set(action, mode, rig.time.instant(), limits(action, rig.time.instant()));
  }

  /** Somebody sets a limit of an action. */
  void limit(String action, String limit, int value) {
    Setting now = setting(action, rig.time.instant());
    Map<String, Integer> limits = new HashMap<>(now.limits());
    limits.put(limit, value);
    set(action, now.mode(), now.frozenUntil(), limits);
  }

  /** Nothing may begin for so long. */
  void freeze(Duration time) {
    set("GLOBAL", global, rig.time.instant().plus(time), Map.of());
  }

  private void set(String action, String mode, Instant frozenUntil, Map<String, Integer> limits) {
    global = action.equals("GLOBAL") ? mode : global;
    settings
        .computeIfAbsent(action, _ -> new ArrayList<>())
        .add(new Setting(rig.time.instant(), mode, frozenUntil, limits));
    Map<String, Object> row = new HashMap<>();
    row.put("mode", Map.of("S", mode));
    row.put("freezeUntil", Map.of("N", Long.toString(frozenUntil.getEpochSecond())));
    limits.forEach((limit, value) -> row.put(limit, Map.of("N", Integer.toString(value))));
    rig.put("CONFIG", action, row);
  }

  /** All actions may act, and restarts as is said, with the limits they have of themselves. */
  void calm(String restart) {
    for (String action : settings.keySet().stream().sorted().toList()) {
      String mode = action.equals("restart-endpoint") ? restart : "auto";
      set(action, mode, rig.time.instant(), Map.of());
    }
  }

  /** The limits that somebody had set of an action then. */
  Map<String, Integer> limits(String action, Instant then) {
    return setting(action, then).limits();
  }

  /** What an action might do then: the lower of its own mode and everything's. */
  String at(String action, Instant then) {
    Setting everything = setting("GLOBAL", then);
    int own = MODES.indexOf(setting(action, then).mode());
    int all = MODES.indexOf(everything.mode());
    boolean frozen = everything.frozenUntil().getEpochSecond() > then.getEpochSecond();
    return own < 0 || all < 0 ? "unknown" : frozen ? "frozen" : MODES.get(Math.min(own, all));
  }

  /** Whether nothing was switched within this time before then. */
  boolean settled(String action, Instant then, Duration time) {
    return List.of("GLOBAL", action).stream()
        .flatMap(each -> settings.getOrDefault(each, List.of()).stream())
        .noneMatch(
            setting -> setting.at().isAfter(then.minus(time)) && !setting.at().isAfter(then));
  }

  private Setting setting(String action, Instant then) {
    return settings.getOrDefault(action, List.of()).stream()
        .filter(setting -> !setting.at().isAfter(then))
        .reduce((_, later) -> later)
        .orElse(new Setting(Instant.MIN, "auto", Instant.EPOCH, Map.of()));
  }
}
