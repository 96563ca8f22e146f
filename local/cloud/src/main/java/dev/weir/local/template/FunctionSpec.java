package dev.weir.local.template;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One function of the template.
 *
 * @param name its logical id
 * @param handler class of the handler
 * @param timeout how long one invocation may take
 * @param memoryMegabytes its memory
 * @param code its task root
 * @param layers roots of its layers, in order
 * @param environment its variables
 * @param snapStart whether it starts from a snapshot
 */
public record FunctionSpec(
    String name,
    String handler,
    Duration timeout,
    int memoryMegabytes,
    Path code,
    List<Path> layers,
    Map<String, String> environment,
    boolean snapStart) {}
