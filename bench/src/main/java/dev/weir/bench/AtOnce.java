package dev.weir.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many calls of one environment, some of them at once. */
final class AtOnce {
  private AtOnce() {}

  /** Makes the calls; all of them must be answered well. */
  static void calls(FunctionEnvironment environment, int calls, int atOnce, byte[] event)
      throws Exception {
    try (ExecutorService callers = Executors.newFixedThreadPool(atOnce)) {
      List<Future<Call>> answers = new ArrayList<>();
      for (int i = 0; i < calls; i++) {
        answers.add(callers.submit(() -> environment.call(event).expect(200)));
      }
      for (Future<Call> answer : answers) {
        answer.get();
      }
    }
  }
}
