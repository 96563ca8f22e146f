package dev.weir.local.bedrock;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.bedrock.control.Calls;
import dev.weir.local.bedrock.control.Fault;
import dev.weir.local.bedrock.control.Faults;
import dev.weir.local.bedrock.model.AnswerEnded;
import dev.weir.local.bedrock.model.Models;
import dev.weir.local.bedrock.model.Script;
import dev.weir.local.bedrock.sagemaker.Container;
import dev.weir.local.bedrock.sagemaker.EndpointRequest;
import dev.weir.local.bedrock.sagemaker.Endpoints;
import dev.weir.local.bedrock.sagemaker.Pieces;
import dev.weir.local.bedrock.wire.ErrorReply;
import dev.weir.local.bedrock.wire.EventFrame;
import dev.weir.local.bedrock.wire.Json;
import dev.weir.local.bedrock.wire.Operation;
import dev.weir.local.bedrock.wire.Route;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The operations of the SageMaker Runtime. */
final class SageMakerRuntime extends RuntimeApi {
  static final String PREFIX = "/endpoints/";

  private final Models models;
  private final Endpoints endpoints;
  private final Faults faults;
  private final AsyncJobs jobs;
  private final RandomGenerator random;

  /**
   * @param random where answers are cut into frames
   */
  SageMakerRuntime(
      Models models,
      Endpoints endpoints,
      Faults faults,
      Calls calls,
      AsyncJobs jobs,
      RandomGenerator random) {
    super(calls, "sagemaker", "InternalFailure");
    this.models = models;
    this.endpoints = endpoints;
    this.faults = faults;
    this.jobs = jobs;
    this.random = random;
  }

  @Override
  Optional<Route> route(String rawPath) {
    return Route.ofEndpoint(rawPath);
  }

  @Override
  void answer(Exchange exchange, Route route, byte[] body, Calls.Call call)
      throws ErrorReply, AnswerEnded {
    EndpointRequest request = EndpointRequest.of(route.target(), exchange::header);
    Container container = endpoints.find(request);
    Optional<Fault> fault = faults.take(route.target(), route.operation());
    Reply reply = new Reply(exchange, fault, faults, call);
    if (route.operation() == Operation.INVOKE_ENDPOINT_ASYNC) {
      jobs.submit(exchange, request, container, fault, call);
      return;
    }
    reply.before(route.operation().streaming());
    head(exchange, request);
    answer(route.operation(), request, container, body, reply, new AnswerTap(exchange, call));
  }

  private void answer(
      Operation operation,
      EndpointRequest request,
      Container container,
      byte[] body,
      Reply reply,
      AnswerTap tap)
      throws ErrorReply, AnswerEnded {
    String type = container.contentType(request, body);
    if (operation == Operation.INVOKE_ENDPOINT_STREAM) {
      tap.exchange().set("Content-Type", "application/vnd.amazon.eventstream");
      tap.exchange().set("X-Amzn-SageMaker-Content-Type", type);
      Pieces pieces = new Pieces(random, piece -> reply.part(EventFrame.payloadPart(piece)));
      container.answer(heard(container, reply, body), speaker(reply, tap), pieces::add);
      pieces.end();
      reply.end();
      return;
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    container.answer(heard(container, reply, body), speaker(reply, tap), whole::writeBytes);
    reply.whole(type, whole.toByteArray());
  }

  /** An echo is empty when it has heard nothing. */
  private static byte[] heard(Container container, Reply reply, byte[] body) {
    return reply.isEmpty() && container instanceof Container.Echo ? new byte[0] : body;
  }

  private Container.Speaker speaker(Reply reply, AnswerTap tap) {
    return (model, prompt, hearing) -> {
      try {
        if (reply.isEmpty()) {
          Script.EMPTY.play(tap.to(hearing::accept));
        } else {
          models.answer(model, prompt, tap.to(hearing::accept));
        }
      } catch (ErrorReply refused) {
        throw ErrorReply.ofContainer(refused.status(), refused.text());
      }
    };
  }

  /** What SageMaker says of where a request went; the container tells the rest of it back. */
  private void head(Exchange exchange, EndpointRequest request) {
    exchange.set("x-Amzn-Invoked-Production-Variant", endpoints.variant(request));
    exchange
        .header("X-Amzn-SageMaker-Custom-Attributes")
        .or(request::model)
        .or(request::component)
        .ifPresent(told -> exchange.set("X-Amzn-SageMaker-Custom-Attributes", told));
    request
        .session()
        .filter("NEW_SESSION"::equals)
        .ifPresent(session ->
            exchange.set(
                "X-Amzn-SageMaker-New-Session-Id", "session-1; Expires=2099-01-01T00:00:00Z"));
    request
        .session()
        .filter("last"::equals)
        .ifPresent(session -> exchange.set("X-Amzn-SageMaker-Closed-Session-Id", session));
  }

  @Override
  ObjectNode body(ErrorReply error) {
    ObjectNode body = Json.object().put("Message", error.text());
    error
        .originalStatus()
        .ifPresent(
            status -> body.put("OriginalStatusCode", status).put("OriginalMessage", error.text()));
    return body;
  }
}
