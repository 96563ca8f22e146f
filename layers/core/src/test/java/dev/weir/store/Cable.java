package dev.weir.store;

import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.SdkRequest;

/** A way to the store that loses what it is told to, and counts what is carried out. */
public final class Cable implements Network {

  public final AtomicInteger carriedOut = new AtomicInteger();

  /** Requests do not arrive. */
  public volatile boolean isDeaf;

  /** Replies do not. */
  public volatile boolean isMute;

  @Override
  public boolean request() {
    return !isDeaf;
  }

  @Override
  public void carriedOut(SdkRequest request, boolean held) {
    carriedOut.incrementAndGet();
  }

  @Override
  public boolean reply() {
    return !isMute;
  }
}
