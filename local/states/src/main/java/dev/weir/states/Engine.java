package dev.weir.states;

import dev.weir.local.time.Scheduler;
import java.util.function.Consumer;

/** What all executions share. */
record Engine(
    Scheduler scheduler,
    Tasks tasks,
    Coverage coverage,
    TaskTokens tokens,
    String region,
    Consumer<ExecutionDescription> ended) {}
