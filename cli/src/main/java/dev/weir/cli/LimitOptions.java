package dev.weir.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a tenant may use; an absent option is no limit. */
final class LimitOptions {

  @Option(names = "--rpm", description = "Requests in every rolling 60 s.")
  @Nullable Long requestsPerMinute;

  @Option(names = "--tpm", description = "Tokens in every rolling 60 s.")
  @Nullable Long tokensPerMinute;

  @Option(names = "--concurrency", description = "Calls in flight.")
  @Nullable Long concurrency;

  @Option(names = "--day", description = "Micro-USD per UTC day.")
  @Nullable Long day;

  @Option(names = "--month", description = "Micro-USD per UTC month.")
  @Nullable Long month;

  @Option(names = "--lifetime", description = "Micro-USD ever.")
  @Nullable Long lifetime;

  /** All six as the admin API names them; null is no limit. */
  ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("requestsPerMinute", requestsPerMinute)
        .put("tokensPerMinute", tokensPerMinute)
        .put("concurrency", concurrency)
        .put("dayMicroUsd", day)
        .put("monthMicroUsd", month)
        .put("lifetimeMicroUsd", lifetime);
  }
}
