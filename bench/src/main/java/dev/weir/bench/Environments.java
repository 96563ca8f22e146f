package dev.weir.bench;

import dev.weir.bench.Stack.Start;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.List;

/**
 * The warm environments that are compared.
 *
 * @param alone a chat function whose store answers at once, so that what is measured is ours
 * @param local a chat function on DynamoDB Local
 * @param crowded as {@code alone}, with many calls at once
 * @param echo a function that does nothing
 * @param store the store of {@code alone} and {@code crowded}
 */
record Environments(
    FunctionEnvironment alone,
    FunctionEnvironment local,
    FunctionEnvironment crowded,
    FunctionEnvironment echo,
    StoreProxy store)
    implements Closeable {

  /** Calls that {@code crowded} serves at once. */
  static final int AT_ONCE = 16;

  /**
   * Starts them.
   *
   * @param event a call that lets the store see every reply it will repeat
   */
  static Environments start(Stack stack, URI dynamoDb, byte[] event) throws IOException {
    StoreProxy store = new StoreProxy(dynamoDb);
    Environments started =
        new Environments(
            stack.chat(Start.SNAP_START, store.url(), 1),
            stack.chat(Start.SNAP_START, dynamoDb, 1),
            stack.chat(Start.SNAP_START, store.url(), AT_ONCE),
            stack.echo(),
            store);
    for (FunctionEnvironment environment : started.all()) {
      environment.awaitReady();
      environment.restore();
    }
    started.alone().call(event).expect(200);
    store.replay();
    return started;
  }

  private List<FunctionEnvironment> all() {
    return List.of(alone, local, crowded, echo);
  }

  @Override
  public void close() throws IOException {
    for (FunctionEnvironment environment : all()) {
      environment.close();
    }
    store.close();
  }
}
