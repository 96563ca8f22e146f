package dev.weir.tenant;

/** A key just issued: the only moment its secret is known. */
public record IssuedKey(String keyId, ApiKey key) {}
