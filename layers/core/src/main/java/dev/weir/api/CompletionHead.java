package dev.weir.api;

/**
 * What a completion and each of its chunks have in common.
 *
 * @param id unique id, such as {@code chatcmpl-...}
 * @param created Unix time in seconds
 * @param model the model as the client knows it
 */
public record CompletionHead(String id, long created, String model) {}
