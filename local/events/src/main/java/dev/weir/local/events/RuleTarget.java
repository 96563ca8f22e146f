package dev.weir.local.events;

import java.util.Optional;

/** One target of a rule, as PutTargets has it. */
record RuleTarget(
    String id,
    String arn,
    TargetInput input,
    RetryPolicy retryPolicy,
    Optional<String> deadLetterArn) {}
