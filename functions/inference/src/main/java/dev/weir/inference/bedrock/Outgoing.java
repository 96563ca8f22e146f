package dev.weir.inference.bedrock;

import software.amazon.awssdk.http.SdkHttpRequest;

/** A request before it is signed. */
record Outgoing(SdkHttpRequest request, byte[] body, boolean stream) {}
