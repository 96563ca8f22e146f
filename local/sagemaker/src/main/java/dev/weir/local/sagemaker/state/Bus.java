package dev.weir.local.sagemaker.state;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.fault.Condition;
import dev.weir.local.sagemaker.wire.Json;
import java.time.temporal.ChronoUnit;

/** Sends events as EventBridge shapes them: at least once, and at times twice. */
public final class Bus {
  /** SageMaker's documentation: it may send several events for one change. */
  private static final double TWICE = 0.1;

  private final Context context;
  private final Events events;

  Bus(Context context, Events events) {
    this.context = context;
    this.events = events;
  }

  void sagemaker(Resource resource, StateEvents.Detail detail) {
    ObjectNode event =
        event("aws.sagemaker", detail.type() + " State Change", resource.arn(), detail.detail());
    send(resource.name(), event);
    if (context.chance().draw("twice " + resource.arn()) < TWICE) {
      send(resource.name(), event.deepCopy().put("id", context.chance().id("event")));
    }
  }

  /** An alarm's change of state. */
  public void alarm(String name, ObjectNode detail) {
    send(
        name,
        event(
            "aws.cloudwatch", "CloudWatch Alarm State Change", context.arns().alarm(name), detail));
  }

  private void send(String subject, ObjectNode event) {
    if (!context.faults().holds(Condition.EVENTS_LOST, subject)) {
      events.publish(event);
    }
  }

  private ObjectNode event(String source, String type, String resource, ObjectNode detail) {
    ObjectNode event =
        Json.object()
            .put("version", "0")
            .put("id", context.chance().id("event"))
            .put("detail-type", type)
            .put("source", source)
            .put("account", context.arns().account())
            .put("time", context.time().instant().truncatedTo(ChronoUnit.SECONDS).toString())
            .put("region", context.arns().region());
    event.putArray("resources").add(resource);
    event.set("detail", detail);
    return event;
  }
}
