package dev.weir.audit;

import dev.weir.telemetry.Log;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** The audit log of one environment, which writes segments of its own into each chain. */
public final class SegmentedLog implements AuditLog {

  /** Chains one environment writes at a time. */
  private static final int CHAINS = 256;

  private final Chains chains;
  private final InstantSource clock;
  private final Log log;
  private final LinkedHashMap<String, Writer> writers = new LinkedHashMap<>(16, 0.75f, true);

  public SegmentedLog(Chains chains, InstantSource clock, Log log) {
    this.chains = chains;
    this.clock = clock;
    this.log = log;
  }

  @Override
  public Recorded record(AuditEntry entry) {
    return writer(entry.chain()).record(entry);
  }

  @Override
  public void refused(String chain, String code) {
    writer(chain).refused(code);
  }

  @Override
  public void close() {
    List<Writer> all;
    synchronized (writers) {
      all = new ArrayList<>(writers.values());
      writers.clear();
    }
    all.forEach(Writer::close);
  }

  private Writer writer(String chain) {
    List<Writer> gone = new ArrayList<>();
    Writer writer;
    synchronized (writers) {
      writer = writers.computeIfAbsent(chain, name -> new Writer(chains, name, clock, log));
      if (writers.size() > CHAINS) {
        gone.add(writers.pollFirstEntry().getValue());
      }
    }
    gone.forEach(Writer::close);
    return writer;
  }
}
