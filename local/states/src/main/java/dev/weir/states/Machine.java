package dev.weir.states;

import dev.weir.states.definition.Definition;

/** A created state machine. */
record Machine(String arn, String name, String roleArn, String json, Definition definition) {}
