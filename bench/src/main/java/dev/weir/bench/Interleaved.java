package dev.weir.bench;

import java.time.Duration;
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

  /**
   * The samples by the arms' names.
   *
   * @param rounds as many as wanted
   * @param atMost after this time no round begins, except the first
   */
  Samples run(int rounds, Duration atMost) throws Exception {
    lanes.forEach(lane -> lane.values().clear());
    long begun = System.nanoTime();
    for (int round = 0;
        round < rounds && (round == 0 || System.nanoTime() - begun < atMost.toNanos());
        round++) {
      for (int i = 0; i < lanes.size(); i++) {
        Lane lane = lanes.get((round + i) % lanes.size());
        lane.values().add(lane.arm().measure());
      }
    }
    return new Samples(
        lanes.stream().collect(Collectors.toMap(Lane::name, lane -> Sample.of(lane.values()))));
  }
}
