"""Marks a long system prompt to be kept by the provider: the second call reads what the first wrote."""

import os
import uuid

from openai import OpenAI

client, model = OpenAI(), os.environ.get("CACHING_MODEL", "scripted")
manual = f"Manual {uuid.uuid4()}. " + "Turn the valve slowly and wait for the light. " * 20
system = {
    "role": "system",
    "content": [{"type": "text", "text": manual, "cache_control": {"type": "ephemeral"}}],
}
for question in ("Which valve?", "Which light?"):
    usage = client.chat.completions.create(
        model=model, messages=[system, {"role": "user", "content": question}]
    ).usage
    details = usage.prompt_tokens_details
    print(f"prompt {usage.prompt_tokens}, read {details.cached_tokens},",
          f"written {details.cache_write_tokens}")
