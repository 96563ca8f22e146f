package dev.weir.runtime;

/**
 * One event taken from the Runtime API.
 *
 * @param requestId the invocation's id
 * @param deadlineMillis epoch milliseconds at which Lambda ends it
 * @param functionArn the ARN that was invoked
 * @param traceId the X-Ray trace header, empty when there is none
 * @param event the payload
 */
record Invocation(
    String requestId, long deadlineMillis, String functionArn, String traceId, byte[] event) {}
