package dev.weir.inference;

import dev.weir.hash.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which catalog this environment runs with: the first 16 hexadecimal digits of the SHA-256 of the
 * digests of its files. Read once, when it is first asked for. Thread-safe.
 */
final class CatalogDigest implements Supplier<String> {

  private static final List<String> FILES = List.of("guards.json", "models.json", "prices.json");
  private static final int DIGITS = 16;

  private final Path folder;
  private volatile @Nullable String digest;

  CatalogDigest(Path folder) {
    this.folder = folder;
  }

  @Override
  public String get() {
    String known = digest;
    if (known == null) {
      known = read();
      digest = known;
    }
    return known;
  }

  private String read() {
    StringBuilder digests = new StringBuilder();
    try {
      for (String file : FILES) {
        digests.append(Sha256.hex(Files.readString(folder.resolve(file)))).append('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the catalog in " + folder, e);
    }
    return Sha256.hex(digests.toString()).substring(0, DIGITS);
  }
}
