"""A conversation in three turns, each remembered by the gateway, then forgotten."""

import os

from openai import NotFoundError, OpenAI

client = OpenAI()
model = os.environ.get("MODEL", "scripted")

first = client.responses.create(model=model, input="Name a river.", max_output_tokens=60)
with client.responses.stream(
    model=model, input="And where is it?", previous_response_id=first.id
) as stream:
    for event in stream:
        if event.type == "response.output_text.delta":
            print(event.delta, end="", flush=True)
    second = stream.get_final_response()
third = client.responses.create(model=model, input="Thank you.", previous_response_id=second.id)
print("\nthird turn:", third.output_text)

for response in first, second, third:
    client.responses.delete(response.id)
try:
    client.responses.retrieve(third.id)
except NotFoundError as gone:
    print("forgotten:", gone.code)
