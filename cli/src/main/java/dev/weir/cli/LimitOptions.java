package dev.weir.cli;

import dev.weir.tenant.Limits;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a tenant may use; an absent option is no limit. */
final class LimitOptions {

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec mixee;

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

  Limits limits() {
    return new Limits(
        positive("--rpm", requestsPerMinute),
        positive("--tpm", tokensPerMinute),
        positive("--concurrency", concurrency),
        positive("--day", day),
        positive("--month", month),
        positive("--lifetime", lifetime));
  }

  private OptionalLong positive(String option, @Nullable Long value) {
    if (value == null) {
      return OptionalLong.empty();
    }
    if (value < 1) {
      String message = "%s must be an integer above 0, not %d".formatted(option, value);
      if (mixee == null) {
        throw new IllegalArgumentException(message);
      }
      throw new CommandLine.ParameterException(mixee.commandLine(), message);
    }
    return OptionalLong.of(value);
  }
}
