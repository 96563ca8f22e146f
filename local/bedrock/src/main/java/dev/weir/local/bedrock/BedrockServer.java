package dev.weir.local.bedrock;

import dev.weir.local.bedrock.control.Calls;
import dev.weir.local.bedrock.control.Faults;
import dev.weir.local.bedrock.embedding.Embeddings;
import dev.weir.local.bedrock.model.LanguageModel;
import dev.weir.local.bedrock.model.Models;
import dev.weir.local.bedrock.model.Pace;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The stand-in's HTTP server: HTTP/1.1 and HTTP/2 with prior knowledge on one port of 127.0.0.1.
 * The SDK's asynchronous client speaks nothing but the latter to a plain-text endpoint.
 */
final class BedrockServer implements AutoCloseable {
  /** Stalls hold a thread each. */
  private static final int THREADS = 250;

  /** Longer than any call: who waits is the client's business. */
  private static final Duration IDLE = Duration.ofMinutes(30);

  private final Server server = new Server(new QueuedThreadPool(THREADS));
  private final ServerConnector connector;

  BedrockServer(
      int port,
      Map<String, LanguageModel> served,
      Embeddings embeddings,
      Pace pace,
      InstantSource clock,
      Supplier<String> ids) {
    Models models = new Models(served);
    Faults faults = new Faults();
    Calls calls = new Calls(clock);
    HttpConfiguration http = new HttpConfiguration();
    http.setUriCompliance(UriCompliance.UNSAFE);
    http.setSendServerVersion(false);
    connector =
        new ServerConnector(
            server, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
    connector.setHost("127.0.0.1");
    connector.setPort(port);
    connector.setIdleTimeout(IDLE.toMillis());
    server.addConnector(connector);
    server.setHandler(
        new Routes(
            new BedrockRuntime(models, embeddings, faults, calls),
            new ControlRoutes(models, faults, calls, pace),
            ids));
  }

  /** Starts listening and returns the address. */
  URI start() throws Exception {
    server.start();
    return URI.create("http://127.0.0.1:" + connector.getLocalPort());
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }

  private static final class Routes extends Handler.Abstract {
    private final BedrockRuntime runtime;
    private final ControlRoutes control;
    private final Supplier<String> ids;

    private Routes(BedrockRuntime runtime, ControlRoutes control, Supplier<String> ids) {
      this.runtime = runtime;
      this.control = control;
      this.ids = ids;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      Exchange exchange = new Exchange(request, response, callback);
      if (exchange.rawPath().startsWith(ControlRoutes.PREFIX)) {
        control.serve(exchange);
      } else {
        exchange.set("x-amzn-RequestId", ids.get());
        runtime.serve(exchange);
      }
      return true;
    }
  }
}
