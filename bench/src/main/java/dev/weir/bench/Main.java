package dev.weir.bench;

import dev.weir.tenant.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Measures and prints the tables. Arguments: the files to write them to, the one of figures and the
 * one of what capabilities add. To be started in the project's folder once everything is built.
 */
public final class Main {
  private static final int COLD_STARTS = 5;
  private static final int WARM_UP = 3_000;
  private static final int ROUNDS = 400;

  private Main() {}

  public static void main(String[] arguments) throws Exception {
    Path root = Path.of("").toAbsolutePath();
    Path target = Files.createDirectories(root.resolve("bench/target"));
    String results;
    String capabilities;
    try (Stack stack = new Stack(root, Files.createTempDirectory(target, "run"));
        LocalStore store = stack.dynamoDb()) {
      results = measure(stack, store) + "\n" + Method.text();
      say("round trips of capabilities");
      capabilities = new Capabilities(stack, store, generous()).markdown();
    }
    System.out.print(results + "\n" + capabilities);
    if (arguments.length > 0) {
      Files.writeString(Path.of(arguments[0]), results);
      Files.writeString(Path.of(arguments[1]), capabilities);
    }
    System.exit(0);
  }

  private static String measure(Stack stack, LocalStore store) throws Exception {
    Events events = store.tenant("bench", generous());
    byte[] event = events.buffered("plain", Events.QUESTION);
    Table table = new Table();
    say("cold starts");
    ColdStart cold = new ColdStart(stack, store.url(), event).run(COLD_STARTS);
    try (Environments environments = Environments.start(stack, store.url(), event);
        Warm warm = new Warm(stack, store.url(), environments, events)) {
      say("warming up");
      warm.warmUp(WARM_UP);
      say("warm calls");
      warm.report(table, ROUNDS);
      say("cascade and embeddings");
      new CascadeSaving(environments.alone(), events).report(table);
      try (EmbeddingRates rates = new EmbeddingRates(stack, environments.store().url(), events)) {
        rates.report(table, ROUNDS);
      }
    }
    cold.report(table);
    say("counting");
    new Costs(table, new StoreCounts(stack, store, events).count()).report();
    return table.markdown();
  }

  /** Limits of every kind, all of them checked and none of them reached. */
  private static Limits generous() {
    OptionalLong most = OptionalLong.of(1_000_000_000_000L);
    return new Limits(most, most, OptionalLong.of(1_000), most, most, most);
  }

  private static void say(String step) {
    System.err.println("bench: " + step);
  }
}
