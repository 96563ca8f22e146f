package dev.weir.e2e.limiter;

import java.util.OptionalLong;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** Sees what each thread's requests bring back: how many there were, and the request count. */
final class Meter implements ExecutionInterceptor {

  private static final class Seen {
    private int requests;
    private OptionalLong count = OptionalLong.empty();
  }

  private final ThreadLocal<Seen> seen = ThreadLocal.withInitial(Seen::new);

  /** Counts from now. */
  void reset() {
    seen.set(new Seen());
  }

  /** Requests since the reset, each with the SDK's retries. */
  int requests() {
    return seen.get().requests;
  }

  /** The place of the thread's last update in the order of all admissions, if it is known. */
  OptionalLong place() {
    return seen.get().count;
  }

  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    seen.get().requests++;
    seen.get().count = OptionalLong.empty();
  }

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
    if (context.response() instanceof UpdateItemResponse reply) {
      AttributeValue count = reply.attributes().get("cr");
      if (count != null) {
        seen.get().count = OptionalLong.of(Long.parseLong(count.n()));
      }
    }
  }
}
