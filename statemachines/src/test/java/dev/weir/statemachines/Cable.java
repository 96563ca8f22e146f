package dev.weir.statemachines;

import dev.weir.local.time.Scheduler;
import dev.weir.states.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What lies between machines and services: it takes its time, and can be ordered to fail. */
final class Cable {
  private final Scheduler time;
  private final Random random;
  private final List<Order> orders = new ArrayList<>();

  /**
   * A fault.
   *
   * @param times how often; {@link Integer#MAX_VALUE} for ever
   * @param error empty: the call is carried out and its reply lost
   */
  private static final class Order {
    private final Predicate<Tasks.Call> which;
    private final Optional<Tasks.Reply.Failed> error;
    private int times;

    Order(Predicate<Tasks.Call> which, Optional<Tasks.Reply.Failed> error, int times) {
      this.which = which;
      this.error = error;
      this.times = times;
    }
  }

  Cable(Scheduler time, long seed) {
    this.time = time;
    random = new Random(seed);
  }

  /** Calls that match fail so often with this error; nothing is carried out. */
  void fail(Predicate<Tasks.Call> which, int times, String error, String cause) {
    orders.add(new Order(which, Optional.of(new Tasks.Reply.Failed(error, cause)), times));
  }

  /** Replies to calls that match are lost so often. */
  void lose(Predicate<Tasks.Call> which, int times) {
    orders.add(new Order(which, Optional.empty(), times));
  }

  void mend() {
    orders.clear();
  }

  Tasks between(Tasks services) {
    return (call, reply) -> time.after(delay(), () -> carry(services, call, reply));
  }

  private void carry(Tasks services, Tasks.Call call, Consumer<Tasks.Reply> reply) {
    Consumer<Tasks.Reply> later = answer -> time.after(delay(), () -> reply.accept(answer));
    for (Iterator<Order> all = orders.iterator(); all.hasNext(); ) {
      Order order = all.next();
      if (order.which.test(call)) {
        if (--order.times == 0) {
          all.remove();
        }
        if (order.error.isPresent()) {
          later.accept(order.error.get());
        } else {
          services.call(call, _ -> {});
          later.accept(new Tasks.Reply.Lost());
        }
        return;
      }
    }
    services.call(call, later);
  }

  private Duration delay() {
    return Duration.ofMillis(5 + random.nextInt(100));
  }
}
