package dev.weir.e2e.limiter;

import java.util.OptionalLong;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** Sees what each thread's requests bring back: how many there were, and the request count. */
final class Meter {

  private static final class Seen {
    private int requests;
    private OptionalLong count = OptionalLong.empty();
  }

  private final ThreadLocal<Seen> seen = ThreadLocal.withInitial(Seen::new);

  /** Counts from now. */
  void reset() {
    seen.set(new Seen());
  }

  /** Requests since the reset, each with its retries. */
  int requests() {
    return seen.get().requests;
  }

  /** The place of the thread's last update in the order of all admissions, if it is known. */
  OptionalLong place() {
    return seen.get().count;
  }

  /** The client, whose requests count. */
  DynamoDbClient on(DynamoDbClient client) {
    return new Watched(client, request -> sent(), this::answered);
  }

  private void sent() {
    seen.get().requests++;
    seen.get().count = OptionalLong.empty();
  }

  private void answered(DynamoDbResponse response) {
    if (response instanceof UpdateItemResponse reply) {
      AttributeValue count = reply.attributes().get("cr");
      if (count != null) {
        seen.get().count = OptionalLong.of(Long.parseLong(count.n()));
      }
    }
  }
}
