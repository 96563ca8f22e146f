package dev.weir.statemachines;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Windows that are judged by schedule. */
final class WatchDriftStories {
  private WatchDriftStories() {}

  static Stream<Story> all() {
    return Stream.of(
        watch(
            "a drift raises the alarm, which starts the training",
            _ -> {},
            "INTENT(DRIFT)",
            "SUCCEEDED(OFFERED)"),
        watch("nothing has drifted", it -> it.outcome = "OK"),
        watch(
            "a broken schema is told, once a day",
            it -> it.outcome = "SCHEMA_BROKEN",
            "ESCALATED(DATA_SCHEMA_BROKEN)"),
        watch(
            "too little data is told, and nothing else",
            it -> it.outcome = "NO_DATA",
            "ESCALATED(DATA_NO_DATA)"),
        watch(
            "many baselines",
            it ->
                it.rig.cable.answer(
                    "weir-watch-drift",
                    "ReadBaselines",
                    Rig.json(
                        "{'Items':[{'sk':{'S':'other/AllTraffic'}}],'LastEvaluatedKey':{'pk':{'S':'BASELINE'},'sk':{'S':'a'}}}")),
            "INTENT(DRIFT)",
            "SUCCEEDED(OFFERED)"));
  }

  private static Story watch(String name, Consumer<DriftingEndpoint> given, String... rows) {
    return new Story(
        name,
        Duration.ofHours(3),
        rig -> {
          DriftingEndpoint endpoint = new DriftingEndpoint(rig);
          endpoint.alarm();
          rig.put("BASELINE", "chat/AllTraffic", Map.of("id", Map.of("S", "first")));
          given.accept(endpoint);
          rig.start("watch-drift", Rig.json("{}"));
          rig.time.after(Duration.ofHours(1), () -> rig.start("watch-drift", Rig.json("{}")));
        },
        List.of(rows));
  }
}
