package dev.weir.bench;

import dev.weir.bench.StoreProxy.Trip;
import java.util.List;

/**
 * What one kind of call asks of DynamoDB.
 *
 * @param trips requests
 * @param writeUnits write request units
 * @param readUnits read request units
 * @param largestItem bytes of the largest item of the tenants table that was written
 */
record StoreTrips(int trips, double writeUnits, double readUnits, int largestItem) {

  static StoreTrips of(List<Trip> trips) {
    return new StoreTrips(
        trips.size(),
        trips.stream().mapToDouble(Trip::writeUnits).sum(),
        trips.stream().mapToDouble(Trip::readUnits).sum(),
        trips.stream()
            .filter(trip -> trip.table().equals(Stack.TENANTS))
            .mapToInt(Trip::itemBytes)
            .max()
            .orElse(0));
  }

  String text() {
    return Table.format("%d trips, %.0f WRU, %.0f RRU", trips, writeUnits, readUnits);
  }
}
