package dev.weir.bench;

import dev.weir.bench.Stack.Start;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** The first call of an environment that was not there, and of one restored from a snapshot. */
final class ColdStart {
  private final Stack stack;
  private final URI store;
  private final byte[] event;
  private final Figures plain = new Figures();
  private final Figures restored = new Figures();
  private final Figures snapshot = new Figures();

  /** Wall time to the first byte, CPU time to the end of the first call, peak memory. */
  private record Figures(List<Double> millis, List<Double> cpuSeconds, List<Double> mebibytes) {
    Figures() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    void add(double nanos, double cpu, double peak) {
      millis.add(nanos / 1e6);
      cpuSeconds.add(cpu);
      mebibytes.add(peak);
    }
  }

  /**
   * @param store where the functions find DynamoDB
   */
  ColdStart(Stack stack, URI store, byte[] event) {
    this.stack = stack;
    this.store = store;
    this.event = event;
  }

  /** Measures both in turn. */
  ColdStart run(int rounds) throws IOException {
    for (int round = 0; round < rounds; round++) {
      plain();
      restored();
    }
    return this;
  }

  private void plain() throws IOException {
    try (FunctionEnvironment chat = stack.chat(Start.PLAIN, store, 1)) {
      Call call = chat.call(event).expect(200);
      plain.add(call.firstByte() - chat.spawned(), chat.cpuSeconds(), chat.peakMebibytes());
    }
  }

  private void restored() throws IOException {
    try (FunctionEnvironment chat = stack.chat(Start.SNAP_START, store, 1)) {
      long ready = chat.awaitReady();
      double primed = chat.cpuSeconds();
      snapshot.add(ready - chat.spawned(), primed, chat.peakMebibytes());
      chat.restore();
      Call call = chat.call(event).expect(200);
      restored.add(call.firstByteMillis() * 1e6, chat.cpuSeconds() - primed, chat.peakMebibytes());
    }
  }

  void report(Table table) {
    both(table, "cold start to the first byte", plain.millis(), restored.millis(), "%.0f ms", "");
    both(
        table,
        "CPU of it, to the end of the first call",
        plain.cpuSeconds(),
        restored.cpuSeconds(),
        "%.2f s",
        "≤ 0.5 s");
    both(table, "peak memory of it", plain.mebibytes(), restored.mebibytes(), "%.0f MiB", "≤ 110");
    table.row(
        "start-up and priming before the snapshot, once per version",
        "",
        Table.format(
            "%.0f ms, %.2f CPU-s", median(snapshot.millis()), median(snapshot.cpuSeconds())),
        "",
        "");
  }

  private static void both(
      Table table,
      String what,
      List<Double> without,
      List<Double> with,
      String format,
      String aim) {
    table.row(
        what,
        Table.format(format, median(without)),
        Table.format(format, median(with)),
        Table.format("%.2f x", median(with) / median(without)),
        aim);
  }

  private static double median(List<Double> values) {
    return Sample.of(values).median();
  }
}
