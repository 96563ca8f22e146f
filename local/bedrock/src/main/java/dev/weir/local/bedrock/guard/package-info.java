/** What ApplyGuardrail answers with: fixed rules in the guardrail's wire form. */
@NullMarked
package dev.weir.local.bedrock.guard;

import org.jspecify.annotations.NullMarked;
