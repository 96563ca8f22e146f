package dev.weir.local.bedrock;

import dev.weir.local.bedrock.control.Calls;
import dev.weir.local.bedrock.control.Faults;
import dev.weir.local.bedrock.embedding.Embeddings;
import dev.weir.local.bedrock.model.LanguageModel;
import dev.weir.local.bedrock.model.Models;
import dev.weir.local.bedrock.model.Pace;
import dev.weir.local.bedrock.model.PromptCache;
import dev.weir.local.bedrock.s3.FileObjects;
import dev.weir.local.bedrock.sagemaker.Endpoints;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
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
      PromptCache promptCache,
      Pace pace,
      InstantSource clock,
      Supplier<String> ids,
      SageMaker sageMaker) {
    Models models = new Models(served);
    Faults faults = new Faults();
    Calls calls = new Calls(clock);
    Faults endpointFaults = new Faults();
    Calls endpointCalls = new Calls(clock);
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
            new BedrockRuntime(models, embeddings, promptCache, faults, calls),
            ControlRoutes.ofModels(models, faults, calls, pace),
            new SageMakerRuntime(
                models,
                sageMaker.endpoints(),
                endpointFaults,
                endpointCalls,
                new AsyncJobs(models, sageMaker.objects(), ids),
                sageMaker.random()),
            ControlRoutes.ofEndpoints(models, endpointFaults, endpointCalls, pace),
            ids));
  }

  /**
   * What SageMaker's side is made of.
   *
   * @param objects input and output of asynchronous invocations
   * @param random where answers are cut into frames
   */
  record SageMaker(Endpoints endpoints, FileObjects objects, RandomGenerator random) {}

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
    private final SageMakerRuntime endpoints;
    private final ControlRoutes endpointControl;
    private final Supplier<String> ids;

    private Routes(
        BedrockRuntime runtime,
        ControlRoutes control,
        SageMakerRuntime endpoints,
        ControlRoutes endpointControl,
        Supplier<String> ids) {
      this.runtime = runtime;
      this.control = control;
      this.endpoints = endpoints;
      this.endpointControl = endpointControl;
      this.ids = ids;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      Exchange exchange = new Exchange(request, response, callback);
      String path = exchange.rawPath();
      if (path.startsWith(ControlRoutes.ENDPOINTS)) {
        endpointControl.serve(exchange);
      } else if (path.startsWith(ControlRoutes.PREFIX)) {
        control.serve(exchange);
      } else if (path.startsWith(SageMakerRuntime.PREFIX)) {
        exchange.set("x-amzn-RequestId", ids.get());
        endpoints.serve(exchange);
      } else {
        exchange.set("x-amzn-RequestId", ids.get());
        runtime.serve(exchange);
      }
      return true;
    }
  }
}
