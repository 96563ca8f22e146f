package dev.weir.inference;

import dev.weir.inference.sagemaker.Part;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.route.Deadline;
import java.io.ByteArrayOutputStream;
import java.time.Duration;

/** A reply that is collected whole, so that its status is honest. */
final class WholeReply extends EndpointReply {
  private final Deadline deadline;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  WholeReply(Deadline deadline) {
    this.deadline = deadline;
  }

  @Override
  public Duration left() {
    return deadline.remaining();
  }

  @Override
  public Fault outOfTime() {
    return Fault.of(Fault.Kind.DEADLINE, "RequestDeadline");
  }

  @Override
  public boolean accept(Part part) {
    switch (part) {
      case Part.Head head -> take(head);
      case Part.Piece piece -> {
        count(piece);
        body.writeBytes(piece.bytes());
      }
    }
    return false;
  }

  @Override
  public Ending end(Ending ofWire) {
    return ofWire;
  }

  byte[] body() {
    return body.toByteArray();
  }
}
