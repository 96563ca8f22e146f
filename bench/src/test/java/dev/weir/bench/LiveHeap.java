package dev.weir.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What a JVM holds after a full collection, as {@code jcmd GC.class_histogram} tells.
 *
 * @param instances of each class, by its name
 */
record LiveHeap(long bytes, Map<String, Long> instances) {

  /** What the collector fills gaps with that it does not close each time. */
  private static final String GAP = "jdk.internal.vm.FillerElement";

  static LiveHeap of(long pid) throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(jcmd, Long.toString(pid), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    try (BufferedReader lines = process.inputReader()) {
      return read(lines);
    }
  }

  static LiveHeap read(BufferedReader lines) throws IOException {
    Map<String, Long> instances = new HashMap<>();
    long bytes = 0;
    StringBuilder all = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      all.append(line).append('\n');
      String[] fields = line.strip().split("\\s+");
      if (fields[0].equals("Total")) {
        return new LiveHeap(bytes, instances);
      }
      if (fields.length > 3 && fields[0].matches("\\d+:") && !fields[3].contains(GAP)) {
        instances.merge(fields[3], Long.parseLong(fields[1]), Long::sum);
        bytes += Long.parseLong(fields[2]);
      }
    }
    throw new IOException("no histogram: " + all);
  }

  /** Instances of a class of ours, by its name behind {@code dev.weir.}. */
  long of(String name) {
    return instances.getOrDefault("dev.weir." + name, 0L);
  }
}
