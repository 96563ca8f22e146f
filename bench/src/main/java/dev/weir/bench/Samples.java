package dev.weir.bench;

import java.util.Map;

/** Samples by the names of what was measured. */
record Samples(Map<String, Sample> byName) {

  /**
   * The sample of this name.
   *
   * @throws IllegalArgumentException when nothing of this name was measured
   */
  Sample of(String name) {
    Sample sample = byName.get(name);
    if (sample == null) {
      throw new IllegalArgumentException("nothing measured: " + name);
    }
    return sample;
  }
}
