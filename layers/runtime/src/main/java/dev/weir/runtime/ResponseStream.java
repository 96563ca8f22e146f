package dev.weir.runtime;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/**
 * The output a streaming handler writes to. The runtime loop passes one as the {@code OutputStream}
 * of {@code RequestStreamHandler.handleRequest}; under the official runtime client the handler gets
 * a plain stream instead and must write a buffered proxy response.
 *
 * <p>After {@link #start} every byte flushed leaves at once (Lambda response streaming, {@code
 * application/vnd.awslambda.http-integration-response}). Without {@code start} the bytes are the
 * whole result and leave together, as under the official client. Once the client has gone, {@code
 * write} and {@code flush} throw an {@code IOException}. Safe for use by several threads.
 */
public abstract class ResponseStream extends OutputStream {

  /**
   * Sets the status line and headers; they leave with the first flush or the close. Must be called
   * once, before the first byte.
   *
   * @throws IllegalStateException when called twice or after a byte
   */
  public abstract void start(int status, Map<String, String> headers) throws IOException;

  /**
   * Ends the response: the client sees its end now. The handler may go on working (settle, ledger,
   * cache fill) until it returns; the environment asks for its next event only then. A second call
   * does nothing.
   */
  @Override
  public abstract void close() throws IOException;
}
