package dev.weir.store;

import java.util.List;
import java.util.Optional;

/**
 * Some of the tenants, in the order of their ids.
 *
 * @param next the id to go on after; empty on the last page
 */
public record TenantPage(List<String> ids, Optional<String> next) {}
