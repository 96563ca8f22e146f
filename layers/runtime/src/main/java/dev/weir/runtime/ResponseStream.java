package dev.weir.runtime;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/**
 * The output a streaming handler writes to. The runtime loop passes one as the {@code OutputStream}
 * of {@code RequestStreamHandler.handleRequest}; under the official runtime client the handler gets
 * a plain stream instead and must write a buffered proxy response.
 *
 * <p>Every byte flushed leaves at once (Lambda response streaming, {@code
 * application/vnd.awslambda.http-integration-response}).
 */
public abstract class ResponseStream extends OutputStream {

  /**
   * Sends the status line and headers. Must be called once, before the first byte.
   *
   * @throws IllegalStateException when called twice
   */
  public abstract void start(int status, Map<String, String> headers) throws IOException;

  /**
   * Ends the response: the client sees its end now. The handler may go on working (settle, ledger,
   * cache fill) until it returns; the environment asks for its next event only then.
   */
  @Override
  public abstract void close() throws IOException;
}
