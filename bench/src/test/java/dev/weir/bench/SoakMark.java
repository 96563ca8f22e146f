package dev.weir.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What there is once so many calls have been answered, and none is running. */
record SoakMark(int calls, LiveHeap heap, int threads, int sockets) {

  static SoakMark at(int calls, long pid) throws IOException, InterruptedException {
    Thread.sleep(500); // what is booked after the last byte
    LiveHeap heap = LiveHeap.of(pid);
    Path process = Path.of("/proc/" + pid);
    return new SoakMark(
        calls, heap, count(process.resolve("task"), ""), count(process.resolve("fd"), "socket:"));
  }

  /** Entries of a folder of the process that point at something of this name. */
  private static int count(Path folder, String what) throws IOException {
    int count = 0;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (what.isEmpty() || pointsAt(entry, what)) {
          count++;
        }
      }
    }
    return count;
  }

  private static boolean pointsAt(Path entry, String what) throws IOException {
    try {
      return Files.readSymbolicLink(entry).toString().startsWith(what);
    } catch (NoSuchFileException closed) {
      return false;
    }
  }

  String text() {
    return "%,d calls: %,d KiB live, %d threads, %d sockets"
        .formatted(calls, heap.bytes() / 1024, threads, sockets);
  }
}
