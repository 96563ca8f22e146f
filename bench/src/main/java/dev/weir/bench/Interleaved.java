package dev.weir.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Measures several arms in turn, one call each per round, so that whatever else the machine does
 * meets all of them alike. Each round begins with another arm, so that none always runs behind the
 * same one.
 */
final class Interleaved {

  /** One of the things compared. */
  @FunctionalInterface
  interface Arm {
    /** Makes one call and returns what it took. */
    double measure() throws Exception;
  }

  private record Lane(String name, Arm arm, List<Double> values) {}

  private final List<Lane> lanes = new ArrayList<>();

  Interleaved with(String name, Arm arm) {
    lanes.add(new Lane(name, arm, new ArrayList<>()));
    return this;
  }

  /** The samples of this many rounds, by the arms' names. */
  Samples run(int rounds) throws Exception {
    lanes.forEach(lane -> lane.values().clear());
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < lanes.size(); i++) {
        Lane lane = lanes.get((round + i) % lanes.size());
        lane.values().add(lane.arm().measure());
      }
    }
    return new Samples(
        lanes.stream().collect(Collectors.toMap(Lane::name, lane -> Sample.of(lane.values()))));
  }
}
