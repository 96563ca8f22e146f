package dev.weir.e2e.limiter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What all processes wrote down about one tenant, put into the order in which the table carried the
 * admissions out, which its request count tells.
 */
final class Trace {

  /** An admission whose place in the order is known; times in epoch microseconds. */
  record Admission(long place, String id, long sent, long received, long requests) {}

  /** Most that certainly happened within one rolling window. */
  record Worst(long requests, long tokens) {}

  private final Map<Long, Admission> admissions = new TreeMap<>();
  private final List<Admission> heard = new ArrayList<>();
  private final Map<String, Long> reserved = new HashMap<>();
  private final Map<String, Long> reservedMoney = new HashMap<>();
  private final Map<String, Long> settled = new HashMap<>();
  private final Map<String, Long> settledMoney = new HashMap<>();
  private long admitted;
  private long admissionRequests;
  private long denied;
  private long unavailable;

  static Trace read(List<Path> files, String tenant) throws IOException {
    Trace trace = new Trace();
    for (Path file : files) {
      Files.readAllLines(file).stream()
          .map(line -> Arrays.asList(line.split(",", -1)))
          .filter(fields -> fields.size() > 3 && fields.get(1).equals(tenant))
          .forEach(trace::add);
    }
    return trace;
  }

  private void add(List<String> fields) {
    String id = fields.get(2);
    long[] numbers = fields.subList(3, fields.size()).stream().mapToLong(Long::parseLong).toArray();
    switch (fields.getFirst()) {
      case "ask" -> {
        reserved.put(id, numbers[0]);
        reservedMoney.put(id, numbers[1]);
      }
      case "admitted" -> {
        admitted++;
        admissionRequests += numbers[3];
        Admission admission = new Admission(numbers[0], id, numbers[1], numbers[2], numbers[3]);
        heard.add(admission);
        if (admission.place() > 0) {
          admissions.put(admission.place(), admission);
        }
      }
      case "settle" -> {
        settled.put(id, numbers[0]);
        settledMoney.put(id, numbers[1]);
      }
      case "denied" -> denied++;
      case "unavailable" -> unavailable++;
      default -> throw new IllegalArgumentException("unknown line: " + fields);
    }
  }

  long admitted() {
    return admitted;
  }

  long denied() {
    return denied;
  }

  long unavailable() {
    return unavailable;
  }

  double requestsPerAdmission() {
    return (double) admissionRequests / admitted;
  }

  /** Micro-USD reserved for a call. */
  long reservedMoney(String id) {
    return reservedMoney.getOrDefault(id, 0L);
  }

  /** Micro-USD of calls that set out to settle and hold no lease any more. */
  long settledMoney(Set<String> leases) {
    return settledMoney.entrySet().stream()
        .filter(entry -> !leases.contains(entry.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /**
   * The worst rolling window of which it is certain. An admission took place between sending and
   * receiving, after everything before it in the order and before everything after it. Calls nobody
   * heard of again count as requests only; of settled calls the actual tokens count.
   */
  Worst worst(Duration window) {
    int last = admissions.keySet().stream().mapToInt(Long::intValue).max().orElse(0);
    long[] earliest = new long[last + 2];
    long[] latest = new long[last + 2];
    long[] tokens = new long[last + 2];
    Arrays.fill(latest, Long.MAX_VALUE);
    for (Admission admission : admissions.values()) {
      int place = (int) admission.place();
      earliest[place] = admission.sent();
      latest[place] = admission.received();
      tokens[place] = tokens(admission);
    }
    for (int place = 1; place <= last; place++) {
      earliest[place] = Math.max(earliest[place], earliest[place - 1]);
    }
    for (int place = last; place > 0; place--) {
      latest[place] = Math.min(latest[place], latest[place + 1]);
    }
    return sweep(earliest, latest, tokens, last, window.toNanos() / 1000);
  }

  /**
   * The same of admissions whose order is not known: those that were both sent and heard of within
   * one rolling window certainly happened within it.
   */
  Worst worstByTimes(Duration window) {
    long worstRequests = 0;
    long worstTokens = 0;
    for (Admission first : heard) {
      long end = first.sent() + window.toNanos() / 1000;
      List<Admission> within =
          heard.stream()
              .filter(other -> other.sent() >= first.sent() && other.received() < end)
              .toList();
      worstRequests = Math.max(worstRequests, within.size());
      worstTokens = Math.max(worstTokens, within.stream().mapToLong(this::tokens).sum());
    }
    return new Worst(worstRequests, worstTokens);
  }

  private long tokens(Admission admission) {
    return Math.min(
        reserved.getOrDefault(admission.id(), 0L),
        settled.getOrDefault(admission.id(), Long.MAX_VALUE));
  }

  private static Worst sweep(long[] earliest, long[] latest, long[] tokens, int last, long window) {
    long worstRequests = 0;
    long worstTokens = 0;
    long inWindow = 0;
    int first = 1;
    for (int place = 1; place <= last; place++) {
      inWindow += tokens[place];
      while (latest[place] - earliest[first] >= window) {
        inWindow -= tokens[first++];
      }
      worstRequests = Math.max(worstRequests, place - first + 1);
      worstTokens = Math.max(worstTokens, inWindow);
    }
    return new Worst(worstRequests, worstTokens);
  }
}
