package dev.weir.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipFile;

/**
 * The native library of the official runtime client. Left to itself every process unpacks it to the
 * same file in {@code /tmp}, where they race; so it is unpacked once and named by a property.
 */
final class NativeClient {
  static final String PROPERTY =
      "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

  private NativeClient() {}

  /**
   * Unpacks the library for this machine.
   *
   * @param runtime the managed runtime's folder
   */
  static Path unpack(Path runtime, Path file) throws IOException {
    var machine = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
    try (var jar = new ZipFile(client(runtime).toFile())) {
      var entry = jar.getEntry("jni/libaws-lambda-jni.linux-%s.so".formatted(machine));
      try (var library = jar.getInputStream(entry)) {
        Files.copy(library, file);
      }
    }
    return file;
  }

  private static Path client(Path runtime) throws IOException {
    try (var jars = Files.newDirectoryStream(runtime.resolve("lib"), "*runtime-interface*.jar")) {
      return jars.iterator().next();
    }
  }
}
