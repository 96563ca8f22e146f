package dev.weir.guard;

/**
 * The Bedrock guardrail this stack has deployed.
 *
 * @param id guardrail id or ARN
 * @param version a published version's number, or {@code DRAFT}
 */
public record GuardrailRef(String id, String version) {}
