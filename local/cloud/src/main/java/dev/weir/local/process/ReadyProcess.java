package dev.weir.local.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A child that prints {@code READY <url>} once it serves. What else it says goes to a log. */
public final class ReadyProcess {
  private static final String READY = "READY ";

  private final String name;
  private final Process process;
  private final Path log;
  private final CompletableFuture<URI> url = new CompletableFuture<>();

  /** Starts the process. */
  public ReadyProcess(String name, ProcessBuilder command, Path log, Children children)
      throws IOException {
    this.name = name;
    this.log = log;
    process = children.start(name, command.redirectError(log.toFile()));
    Thread.ofPlatform().daemon().name(name + "-output").start(this::follow);
  }

  /**
   * Where it serves.
   *
   * @throws IOException when it ends first, or takes longer
   */
  public URI await(Duration patience) throws IOException {
    try {
      return url.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("%s did not start; see %s".formatted(name, log), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Says, when it has ended, who ended how and where its log is. */
  public CompletableFuture<String> ended() {
    return process
        .onExit()
        .thenApply(
            gone -> "%s ended with status %d; see %s".formatted(name, gone.exitValue(), log));
  }

  /** Stops it where it is, or lets it go on. */
  public void pause(boolean paused) throws IOException {
    Children.signal(process, paused ? "STOP" : "CONT");
  }

  private void follow() {
    try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        var writer = Files.newBufferedWriter(log.resolveSibling(log.getFileName() + ".out"))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(READY)) {
          url.complete(URI.create(line.substring(READY.length()).strip()));
        } else {
          writer.append(line).append('\n').flush();
        }
      }
      url.completeExceptionally(new IOException(name + " ended"));
    } catch (IOException e) {
      url.completeExceptionally(e);
    }
  }
}
