package dev.weir.bench;

import dev.weir.bench.CallCost.Prices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;

/** What the reader of the table has to know beside it. */
final class Method {
  private static final Path CPUS = Path.of("/proc/cpuinfo");
  private static final Path LOAD = Path.of("/proc/loadavg");

  private Method() {}

  static String text() throws IOException {
    Prices prices = Prices.US_EAST_1;
    return """
    %s on %s, %d cores, load %s at the end, %s %s. Medians of one interleaved run.
    Without: the AWS SDK's own Bedrock client, in-process, against the same stand-in.
    With Weir: the chat function's JVM under its runtime loop, from the event to the last byte or the first chunk.
    "Store at once" answers DynamoDB requests by repeating recorded replies, so that what is added is Weir's own.
    Audit is on, as it is deployed. Cascade: nova-lite before nova-pro by price, %d questions it answers, %d too long for it, %d it cannot end.
    Requests and units are counted on the wire to DynamoDB Local; refused writes by the size of the item.
    Cold starts: first call of a fresh JVM (without) and after a simulated SnapStart restore (with).
    Money: us-east-1 on 2026-11-22 (docs/cost.md), REST API %.2f per million, Lambda %.2f per million and %.10f per GB-s at %d MB, DynamoDB on demand %.3f per million writes and %.3f reads; a model that takes %d ms; tokens, logs, transfer and the authorizer (once per key and minute) are not in it.
    """
        .formatted(
            LocalDate.now(Clock.systemUTC()),
            cpu(),
            Runtime.getRuntime().availableProcessors(),
            Files.readString(LOAD).split(" ")[0],
            System.getProperty("java.vm.vendor"),
            System.getProperty("java.runtime.version"),
            CascadeSaving.PLAIN,
            CascadeSaving.LONG,
            CascadeSaving.TRUNCATED,
            prices.restRequests(),
            prices.lambdaRequests(),
            prices.gigabyteSecond(),
            Stack.MEMORY_MEGABYTES,
            prices.writeUnits(),
            prices.readUnits(),
            Costs.MODEL_MILLIS);
  }

  private static String cpu() throws IOException {
    return Files.readAllLines(CPUS).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(System.getProperty("os.arch"));
  }
}
