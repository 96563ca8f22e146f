package dev.weir.states;

/** What all executions share. */
record Engine(
    Scheduler scheduler, Tasks tasks, Coverage coverage, TaskTokens tokens, String region) {}
