package dev.weir.inference.upstream;

import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * A request before it is signed, and how its reply is read.
 *
 * @param body sent as it is
 */
@SuppressWarnings("ArrayRecordComponent") // a body on its way, never compared
public record Outgoing<E>(SdkHttpRequest request, byte[] body, Reading<E> reading) {}
