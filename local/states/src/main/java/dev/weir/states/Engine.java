package dev.weir.states;

import dev.weir.local.time.Scheduler;

/** What all executions share. */
record Engine(
    Scheduler scheduler, Tasks tasks, Coverage coverage, TaskTokens tokens, String region) {}
