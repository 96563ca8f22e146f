package dev.weir.endpoint;

import dev.weir.guard.GuardSet;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/**
 * A SageMaker endpoint of the catalog.
 *
 * @param id the name clients, allow-lists and switches use
 * @param endpoint its name in SageMaker
 * @param modes how it may be invoked
 * @param contentTypes what a request's body may be, without parameters; empty: anything
 * @param maxBodyBytes largest body of a request
 * @param maxReplyBytes largest body of a reply; a larger one is broken off
 * @param timeout how long a sync invocation may take, 60 s at most (SageMaker's own limit)
 * @param streamTimeout how long a streamed one may take, 8 min at most
 * @param variants production variants a client may choose; empty: none
 * @param components inference components a client may choose; where there are some, one must be
 * @param models whether a client may name the model of a multi-model endpoint
 * @param sessions whether a client may open and use sticky sessions
 * @param guard what is looked for in requests that are text
 */
public record InferenceEndpoint(
    String id,
    String endpoint,
    Set<Mode> modes,
    Set<String> contentTypes,
    long maxBodyBytes,
    long maxReplyBytes,
    Duration timeout,
    Duration streamTimeout,
    EndpointPrice price,
    Set<String> variants,
    Set<String> components,
    boolean models,
    boolean sessions,
    GuardSet guard) {

  /** How an endpoint is invoked. */
  public enum Mode {
    /** InvokeEndpoint: the reply is the answer. */
    SYNC,
    /** InvokeEndpointWithResponseStream: the reply is the answer while it grows. */
    STREAM,
    /** InvokeEndpointAsync: the reply is where the answer will be. */
    ASYNC;

    /** As the catalog and the {@code x-weir-mode} header have it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** As hops and rows name it. */
  public String target() {
    return "sagemaker/" + endpoint;
  }
}
