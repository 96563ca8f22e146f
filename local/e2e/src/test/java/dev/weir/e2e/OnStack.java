package dev.weir.e2e;

import dev.weir.e2e.Stack.Caller;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** Tests that share one running stack, calm before each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OnStack {

  final Stack stack;

  /**
   * @param stack is closed after the last test
   */
  OnStack(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void calm() {
    stack.calm();
  }

  @AfterAll
  void stop() throws IOException {
    stack.close();
  }

  /** A new tenant with more budget than a test can use. */
  final Caller caller() {
    return stack.tenant(Stack.dayBudget(1_000_000_000));
  }
}
