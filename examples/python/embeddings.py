"""Vectors of texts. The client asks for base64 by itself; float gives the same numbers."""

import math
import os

from openai import OpenAI

client = OpenAI()
model = os.environ.get("EMBEDDING_MODEL", "minilm")
texts = ["How do I reset my password?", "I forgot my password.", "What is the capital of Peru?"]

reply = client.embeddings.create(model=model, input=texts)
asked, paraphrase, other = (item.embedding for item in reply.data)


def cosine(a, b):
    return sum(x * y for x, y in zip(a, b)) / math.hypot(*a) / math.hypot(*b)


print(f"{len(asked)} dimensions, {reply.usage.prompt_tokens} tokens")
print(f"paraphrase {cosine(asked, paraphrase):.2f}, another question {cosine(asked, other):.2f}")
assert cosine(asked, paraphrase) > cosine(asked, other)

numbers = client.embeddings.create(model=model, input=texts, encoding_format="float")
assert [item.embedding for item in numbers.data] == [asked, paraphrase, other]
print("base64 and float are the same vectors")
