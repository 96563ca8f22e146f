package dev.weir.local.sagemaker.metric;

import java.util.Map;

/** What an instance type has, such as {@code ml.g5.2xlarge}. */
record InstanceType(int cores, int gpus) {
  private static final Map<String, Integer> GPUS =
      Map.ofEntries(
          Map.entry("g4dn.12xlarge", 4),
          Map.entry("g5.12xlarge", 4),
          Map.entry("g5.24xlarge", 4),
          Map.entry("g5.48xlarge", 8),
          Map.entry("g6.12xlarge", 4),
          Map.entry("g6.24xlarge", 4),
          Map.entry("g6.48xlarge", 8),
          Map.entry("p3.8xlarge", 4),
          Map.entry("p3.16xlarge", 8),
          Map.entry("p4d.24xlarge", 8),
          Map.entry("p5.48xlarge", 8));

  /** By the name's size, four cores for each {@code xlarge}; families g and p have GPUs. */
  static InstanceType of(String name) {
    String type = name.startsWith("ml.") ? name.substring(3) : name;
    String size = type.substring(type.indexOf('.') + 1);
    String times = size.replace("xlarge", "");
    int cores = !size.endsWith("xlarge") ? 2 : times.isEmpty() ? 4 : 4 * Integer.parseInt(times);
    boolean accelerated = type.matches("[gp]\\d.*");
    return new InstanceType(cores, accelerated ? GPUS.getOrDefault(type, 1) : 0);
  }
}
