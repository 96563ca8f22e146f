package dev.weir.local.sagemaker.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** One request on the wire, and how its reply is written. */
public sealed interface Protocol {

  Service service();

  String operation();

  ObjectNode request();

  String contentType();

  /** The reply's body. */
  byte[] reply(JsonNode result, String requestId);

  /** An error's body. */
  byte[] error(ApiError error, String requestId);

  /**
   * Reads a request.
   *
   * @param target the {@code X-Amz-Target}, empty for AWS Query
   * @throws ApiError it is of no service the world knows, or can not be read
   */
  static Protocol read(String target, byte[] body) {
    if (target.isEmpty()) {
      return AwsQuery.of(new String(body, StandardCharsets.UTF_8));
    }
    return AwsJson.of(target, body);
  }

  /** AWS JSON 1.0 and 1.1. */
  record AwsJson(Service service, String operation, ObjectNode request) implements Protocol {
    private static AwsJson of(String target, byte[] body) {
      Service service =
          Service.ofTarget(target)
              .orElseThrow(() ->
                  new ApiError("UnknownOperationException", 400, "Unknown service " + target));
      try {
        JsonNode json = Json.read(body);
        return new AwsJson(
            service,
            target.substring(target.indexOf('.') + 1),
            json instanceof ObjectNode object ? object : Json.object());
      } catch (IOException e) {
        throw new ApiError("SerializationException", 400, "The request is not JSON");
      }
    }

    @Override
    public String contentType() {
      return "application/x-amz-json-1.1";
    }

    @Override
    public byte[] reply(JsonNode result, String requestId) {
      String shape =
          service.model().operation(operation).map(ServiceModel.Operation::output).orElse("");
      return Json.bytes(Transcoder.json(service.model()).copy(shape, result));
    }

    @Override
    public byte[] error(ApiError error, String requestId) {
      return Json.bytes(Json.object().put("__type", error.type()).put("message", error.message()));
    }
  }

  /** AWS Query, which CloudWatch speaks with this version of the SDK. */
  record AwsQuery(Service service, String operation, ObjectNode request) implements Protocol {
    private static AwsQuery of(String form) {
      Query query = new Query(form);
      Service service = Service.CLOUDWATCH;
      ServiceModel.Operation operation =
          service
              .model()
              .operation(query.action())
              .orElseThrow(() ->
                  new ApiError("InvalidAction", 400, "Could not find operation " + query.action()));
      return new AwsQuery(
          service, operation.name(), (ObjectNode) query.tree(service.model(), operation.input()));
    }

    @Override
    public String contentType() {
      return "text/xml";
    }

    @Override
    public byte[] reply(JsonNode result, String requestId) {
      ServiceModel model = service.model();
      return Xml.reply(model, model.operation(operation).orElseThrow(), result, requestId);
    }

    @Override
    public byte[] error(ApiError error, String requestId) {
      return Xml.error(error, requestId);
    }
  }
}
