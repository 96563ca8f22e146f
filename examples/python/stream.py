"""Prints an answer as it comes, then what it used."""

import os

from openai import OpenAI

stream = OpenAI().chat.completions.create(
    model=os.environ.get("MODEL", "small"),
    messages=[{"role": "user", "content": "Write one sentence about rivers."}],
    max_completion_tokens=60,
    stream=True,
    stream_options={"include_usage": True},
)
for chunk in stream:
    for choice in chunk.choices:
        print(choice.delta.content or "", end="", flush=True)
    if chunk.usage:
        print(f"\n{chunk.usage.prompt_tokens} + {chunk.usage.completion_tokens} tokens")
