package dev.weir.inference.sagemaker;

import dev.weir.inference.upstream.FrameReader;
import dev.weir.model.Ending;
import java.util.Optional;
import software.amazon.eventstream.Message;

/** The frames of InvokeEndpointWithResponseStream: parts of the body, or what broke it off. */
final class PayloadParts {

  private PayloadParts() {}

  /** How the reply has failed, when the frame is not a part of the body. */
  static Optional<Ending> failure(Message frame) {
    return switch (FrameReader.header(frame, ":message-type")) {
      case "event" -> Optional.empty();
      case "error" -> failed(frame, ":error-code");
      default -> failed(frame, ":exception-type");
    };
  }

  private static Optional<Ending> failed(Message frame, String name) {
    return Optional.of(
        new Ending.Failed(
            SageMakerFault.ofFrame(FrameReader.header(frame, name), frame.getPayload())));
  }
}
