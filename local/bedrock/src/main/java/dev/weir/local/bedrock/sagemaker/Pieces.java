package dev.weir.local.bedrock.sagemaker;

import dev.weir.local.bedrock.model.AnswerEnded;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Cuts a body that grows into pieces at random bytes, within characters too, as SageMaker does.
 * What is left of a piece waits for the next, but never longer than the body's end.
 */
public final class Pieces {
  private static final int LONGEST = 48;
  private static final int LONGEST_WAITING = 4;

  private final RandomGenerator random;
  private final Target target;
  private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();

  /** Where pieces go. */
  @FunctionalInterface
  public interface Target {
    void accept(byte[] piece) throws AnswerEnded;
  }

  public Pieces(RandomGenerator random, Target target) {
    this.random = random;
    this.target = target;
  }

  /** Takes in more of the body. */
  public void add(byte[] more) throws AnswerEnded {
    waiting.writeBytes(more);
    cut(random.nextInt(LONGEST_WAITING + 1));
  }

  /** Sends the rest. */
  public void end() throws AnswerEnded {
    cut(0);
  }

  private void cut(int keep) throws AnswerEnded {
    byte[] all = waiting.toByteArray();
    int from = 0;
    while (all.length - from > keep) {
      // A large body is cut too, but not into a frame for each line.
      int longest = Math.max(LONGEST, all.length / 64);
      int to = Math.min(all.length - keep, from + 1 + random.nextInt(longest));
      target.accept(Arrays.copyOfRange(all, from, to));
      from = to;
    }
    waiting.reset();
    waiting.writeBytes(Arrays.copyOfRange(all, from, all.length));
  }
}
