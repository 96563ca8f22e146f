package dev.weir.local.bedrock.sagemaker;

import dev.weir.local.bedrock.wire.ErrorReply;
import java.util.List;
import java.util.Map;

/** The endpoints there are, by name. */
public final class Endpoints {
  private static final String NO_COMPONENT = "";
  private static final List<String> VARIANTS = List.of("AllTraffic", "Canary");

  private final Map<String, Map<String, Container>> endpoints;

  private Endpoints(Map<String, Map<String, Container>> endpoints) {
    this.endpoints = endpoints;
  }

  /**
   * {@code scripted-chat}, {@code weir-small-chat}, {@code weir-shared-chat} with the inference
   * components {@code scripted} and {@code small}, and {@code echo}.
   *
   * @param scripted id of the scripted model
   * @param small id of the small one
   */
  public static Endpoints of(String scripted, String small) {
    Container scriptedChat = new Container.Chat(scripted);
    Container smallChat = new Container.Chat(small);
    return new Endpoints(
        Map.of(
            "scripted-chat", Map.of(NO_COMPONENT, scriptedChat),
            "weir-small-chat", Map.of(NO_COMPONENT, smallChat),
            "weir-shared-chat", Map.of("scripted", scriptedChat, "small", smallChat),
            "echo", Map.of(NO_COMPONENT, new Container.Echo())));
  }

  /**
   * The container a request is for.
   *
   * @throws ErrorReply a {@code ValidationError}, which is what SageMaker answers
   */
  public Container find(EndpointRequest request) throws ErrorReply {
    Map<String, Container> components = endpoints.get(request.endpoint());
    if (components == null) {
      throw ErrorReply.of(
          "ValidationError",
          "Endpoint %s of account 000000000000 not found.".formatted(request.endpoint()));
    }
    if (request.variant().filter(variant -> !VARIANTS.contains(variant)).isPresent()) {
      throw ErrorReply.of("ValidationError", "Variant " + request.variant().get() + " not found.");
    }
    Container container = components.get(request.component().orElse(NO_COMPONENT));
    if (container == null) {
      throw ErrorReply.of(
          "ValidationError",
          request.component().isPresent()
              ? "Inference Component %s not found.".formatted(request.component().get())
              : "Inference Component Name header is required for endpoints to which you plan to"
                  + " deploy inference components.");
    }
    return container;
  }

  /** The variant that answers. */
  public String variant(EndpointRequest request) {
    return request.variant().orElse(VARIANTS.getFirst());
  }
}
