package dev.weir.local.bedrock.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Objects of the local S3: the file of bucket and key below one folder, which {@code local/cloud}
 * serves, and beside it its type where it has one. Thread-safe.
 */
public final class FileObjects {
  private static final String TYPE = ".type";
  private static final String UNFINISHED = ".new";

  private final Path folder;

  public FileObjects(Path folder) {
    this.folder = folder;
  }

  /** Writes an object, or writes over it; who reads meanwhile gets the old one or the new one. */
  public void put(String bucket, String key, String type, byte[] content) {
    Path file = file(bucket, key);
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(Path.of(file + TYPE), type);
      Path unfinished = Path.of(file + UNFINISHED);
      Files.write(unfinished, content);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads an object. */
  public Optional<byte[]> get(String bucket, String key) {
    Path file = file(bucket, key);
    try {
      return Files.isRegularFile(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path file(String bucket, String key) {
    Path file = folder.resolve(bucket).resolve(key).normalize();
    if (!file.startsWith(folder)) {
      throw new IllegalArgumentException("no key: " + key);
    }
    return file;
  }
}
