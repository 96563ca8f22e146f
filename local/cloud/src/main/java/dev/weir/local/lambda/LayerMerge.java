package dev.weir.local.lambda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lays layers over each other as Lambda does under {@code /opt}: by links, the last one wins. */
final class LayerMerge {
  private final Path scratch;
  private final Map<List<Path>, Path> merged = new HashMap<>();

  LayerMerge(Path scratch) {
    this.scratch = scratch;
  }

  /** The folder that stands for {@code /opt}. */
  synchronized Path merge(List<Path> layers) throws IOException {
    var done = merged.get(layers);
    if (done != null) {
      return done;
    }
    var opt = Files.createTempDirectory(Files.createDirectories(scratch), "opt");
    for (var layer : layers) {
      lay(layer, opt);
    }
    merged.put(List.copyOf(layers), opt);
    return opt;
  }

  private static void lay(Path layer, Path opt) throws IOException {
    try (var files = Files.walk(layer)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var link = opt.resolve(layer.relativize(file).toString());
        Files.createDirectories(link.getParent());
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, file.toAbsolutePath());
      }
    }
  }
}
