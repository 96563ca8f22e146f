package dev.weir.local.lambda;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How environments run.
 *
 * @param jvmFlags flags of every environment's JVM
 * @param runtime the managed runtime's folder; {@code lib} holds the official client
 * @param scratch folder for merged layers and temporary files
 * @param logs folder of one log file per function
 * @param concurrency events one environment serves at once
 * @param maxEnvironments of one function at once
 * @param snapStart whether environments start as from a SnapStart snapshot
 * @param variables set in every environment, over the template's own
 */
public record LambdaSettings(
    List<String> jvmFlags,
    Path runtime,
    Path scratch,
    Path logs,
    int concurrency,
    int maxEnvironments,
    boolean snapStart,
    Map<String, String> variables) {}
