"""Lets the model call a function and answers with its result."""

import os

from openai import OpenAI, pydantic_function_tool
from pydantic import BaseModel


class GetWeather(BaseModel):
    """Weather of a place."""

    place: str


def ask(messages):
    with client.chat.completions.stream(model=model, messages=messages, tools=tools) as stream:
        return stream.get_final_completion().choices[0].message


client, model = OpenAI(), os.environ.get("MODEL", "scripted")
tools = [pydantic_function_tool(GetWeather, name="get_weather")]
messages = [{"role": "user", "content": "What is the weather in Oslo?"}]
called = ask(messages)
messages.append(called)
for call in called.tool_calls or []:
    print("called:", call.function.name, call.function.parsed_arguments)
    messages.append({"role": "tool", "tool_call_id": call.id, "content": "Sunny, 20 degrees."})
print("answer:", ask(messages).content)
