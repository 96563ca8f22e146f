package dev.weir.bench;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;

/** Counts on the wire what one call asks of DynamoDB and of Bedrock, and what a capability adds. */
final class RoundTrips implements Closeable {

  /** What an environment asks for by itself, every few seconds, is not in the least of so many. */
  private static final int TRIES = 3;

  private final StoreProxy proxy;
  private final ModelCalls models;
  private final FunctionEnvironment environment;

  /**
   * Requests of one call.
   *
   * @param items items that DynamoDB was asked to read or write
   */
  record Trips(long store, long items, long bedrock) {

    String text() {
      return "%d%s + %d".formatted(store, of(items, store), bedrock);
    }

    /** What this one has more than another. */
    String beyond(Trips other) {
      long more = store - other.store;
      return signed(more) + of(items - other.items, more) + ", " + signed(bedrock - other.bedrock);
    }

    private static String of(long items, long requests) {
      return items == requests ? "" : " (%d items)".formatted(items);
    }

    private static String signed(long count) {
      return count == 0 ? "0" : "%+d".formatted(count);
    }
  }

  /** How an environment is started. */
  @FunctionalInterface
  interface Launch {
    FunctionEnvironment with(URI store) throws IOException;
  }

  /** Starts an environment behind a counting store. */
  RoundTrips(LocalStore store, ModelCalls models, Launch launch) throws IOException {
    this.models = models;
    proxy = new StoreProxy(store.url());
    environment = launch.with(proxy.url());
    environment.restore();
  }

  /** One call, not counted. */
  void call(byte[] event) {
    environment.call(event).expect(200);
  }

  /** The least of several calls of a kind, each made by its number. */
  Trips of(IntFunction<byte[]> kind) throws IOException {
    List<Trips> counted = new ArrayList<>();
    for (int i = 0; i < TRIES; i++) {
      byte[] event = kind.apply(i);
      proxy.takeTrips();
      long before = models.count();
      call(event);
      List<StoreProxy.Trip> trips = proxy.takeTrips();
      counted.add(
          new Trips(
              trips.size(),
              trips.stream().mapToInt(StoreProxy.Trip::items).sum(),
              models.count() - before));
    }
    return counted.stream().min(Comparator.comparingLong(Trips::store)).orElseThrow();
  }

  /** The same of one call. */
  Trips of(byte[] event) throws IOException {
    return of(_ -> event);
  }

  @Override
  public void close() throws IOException {
    environment.close();
    proxy.close();
  }
}
