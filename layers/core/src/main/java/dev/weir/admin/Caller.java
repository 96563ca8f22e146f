package dev.weir.admin;

/**
 * Who asks.
 *
 * @param principal ARN of the IAM identity, or the name an operator gave the command line
 * @param requestId of this request, to find it in logs and audit
 */
public record Caller(String principal, String requestId) {}
