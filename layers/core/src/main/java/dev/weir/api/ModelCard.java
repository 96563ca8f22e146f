package dev.weir.api;

/**
 * A model as {@code GET /v1/models} lists it.
 *
 * @param created Unix time in seconds
 * @param ownedBy who made it
 */
public record ModelCard(String id, long created, String ownedBy) {}
