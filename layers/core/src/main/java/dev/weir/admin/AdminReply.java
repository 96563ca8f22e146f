package dev.weir.admin;

import java.util.Map;

/**
 * What the admin API answers.
 *
 * @param body JSON, or what the header {@code content-type} says; empty with status 204
 */
public record AdminReply(int status, Map<String, String> headers, byte[] body) {}
