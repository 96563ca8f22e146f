package dev.weir.killswitch;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An answer in the making that a switch may end: its thread is interrupted, once. */
public final class Watch implements AutoCloseable {

  private final Set<Target> targets;
  private final Thread thread;
  private final Consumer<Watch> ended;
  private final AtomicReference<@Nullable Off> off = new AtomicReference<>();
  private boolean isOver;

  Watch(Set<Target> targets, Thread thread, Consumer<Watch> ended) {
    this.targets = targets;
    this.thread = thread;
    this.ended = ended;
  }

  /** The switch that ended it. */
  public Optional<Off> off() {
    return Optional.ofNullable(off.get());
  }

  Set<Target> targets() {
    return targets;
  }

  synchronized void end(Off by) {
    if (!isOver && off.compareAndSet(null, by)) {
      thread.interrupt();
    }
  }

  /** Ends the watch; what was interrupted for it is not interrupted any more. */
  @Override
  public void close() {
    synchronized (this) {
      isOver = true;
    }
    ended.accept(this);
    if (off.get() != null && Thread.currentThread() == thread) {
      Thread.interrupted();
    }
  }
}
