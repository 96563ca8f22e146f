package dev.weir.local.process;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The child processes of this JVM. None outlives it, not even when it is killed: a small shell
 * process, the reaper, knows their ids and kills them when its standard input ends.
 */
public final class Children implements Closeable {
  // Ctrl-C reaches the whole process group; the reaper must outlive the others.
  private static final String REAPER =
      """
      trap '' INT TERM HUP
      pids=' '
      while read -r change pid; do
        case $change in
          +) pids="$pids$pid " ;;
          -) pids="${pids%% $pid *} ${pids#* $pid }" ;;
        esac
      done
      for pid in $pids; do kill -KILL "$pid" 2>/dev/null; done
      """;

  private final Process reaper;
  private final OutputStream orders;
  private final Map<Process, String> running = new ConcurrentHashMap<>();

  /** One child process. */
  public record Child(String name, long pid) {}

  public Children() throws IOException {
    reaper =
        new ProcessBuilder("sh", "-c", REAPER)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    orders = reaper.getOutputStream();
  }

  /** Starts a process. */
  public Process start(String name, ProcessBuilder command) throws IOException {
    var process = command.start();
    running.put(process, name);
    order("+", process);
    process.onExit().thenAccept(this::exited);
    return process;
  }

  /** The processes that run now. */
  public List<Child> running() {
    return running.entrySet().stream()
        .map(entry -> new Child(entry.getValue(), entry.getKey().pid()))
        .toList();
  }

  /**
   * Sends a signal.
   *
   * @param signal its name, such as {@code STOP}
   */
  public static void signal(Process process, String signal) throws IOException {
    var kill = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid()).start();
    try {
      if (kill.waitFor() != 0) {
        throw new IOException("no process " + process.pid());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void exited(Process process) {
    running.remove(process);
    order("-", process);
  }

  private void order(String change, Process process) {
    try {
      synchronized (orders) {
        orders.write((change + " " + process.pid() + "\n").getBytes(US_ASCII));
        orders.flush();
      }
    } catch (IOException e) {
      // The reaper has been told to end; so have the processes.
    }
  }

  /** Kills every process and waits until all are gone. */
  @Override
  public void close() throws IOException {
    var last = List.copyOf(running.keySet());
    last.forEach(Process::destroyForcibly);
    last.forEach(process -> process.onExit().join());
    synchronized (orders) {
      orders.close();
    }
    reaper.onExit().join();
  }
}
