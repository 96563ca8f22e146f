package dev.weir.tenant;

/** Whom an API key stands for. */
public record KeyOwner(String tenantId, String keyId) {}
