package dev.weir.admission;

/**
 * An admitted call's hold on its tenant's limits.
 *
 * @param shard index of the tenant's item that holds it, 0 unless the tenant is sharded
 * @param generation the tenant item's generation when it was admitted
 * @param slot the limiter slot that labels the call
 * @param dayWindow attribute name of the day window it was charged to
 * @param monthWindow attribute name of the month window it was charged to
 * @param tokens tokens reserved
 * @param microUsd micro-USD reserved
 * @param leased whether a concurrency slot is held and a settlement is due
 */
public record Reservation(
    String tenantId,
    int shard,
    String callId,
    String generation,
    long slot,
    String dayWindow,
    String monthWindow,
    long tokens,
    long microUsd,
    boolean leased) {}
