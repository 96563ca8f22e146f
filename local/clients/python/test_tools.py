"""Tool calls, rebuilt from a stream by the client's own accumulator."""

import json

import openai
from pydantic import BaseModel, Field

from stack import MODEL, StackTest, script


class GetWeather(BaseModel):
    """Weather of a place."""

    place: str
    days: int = Field(ge=3)


class GetTime(BaseModel):
    """Time of day at a place."""

    zone: str


TOOLS = [
    openai.pydantic_function_tool(GetWeather, name="get_weather"),
    openai.pydantic_function_tool(GetTime, name="get_time"),
]
ASK = {"model": MODEL, "messages": [{"role": "user", "content": "Weather and time?"}]}


class Tools(StackTest):
    def stream(self, **ask):
        with self.client.chat.completions.stream(**ask) as stream:
            return stream.get_final_completion().choices[0]

    def test_two_calls_are_rebuilt_from_a_stream_as_they_were_buffered(self):
        buffered = self.client.chat.completions.parse(tools=TOOLS, **ASK).choices[0]
        streamed = self.stream(tools=TOOLS, **ASK)
        self.assertEqual(streamed.finish_reason, "tool_calls")
        self.assertEqual(
            [(call.id, call.type, call.function.name, call.function.arguments)
             for call in streamed.message.tool_calls],
            [(call.id, call.type, call.function.name, call.function.arguments)
             for call in buffered.message.tool_calls])
        weather, time = (call.function.parsed_arguments for call in streamed.message.tool_calls)
        self.assertEqual(weather, GetWeather(place="text", days=3))
        self.assertEqual(time, GetTime(zone="text"))

    def test_indexes_count_from_0_whatever_comes_before_and_between(self):
        def tool(block, call, name, *pieces):
            yield {"contentBlockStart": {"contentBlockIndex": block, "start": {
                "toolUse": {"toolUseId": call, "name": name}}}}
            for piece in pieces:
                yield {"contentBlockDelta": {"contentBlockIndex": block, "delta": {
                    "toolUse": {"input": piece}}}}
            yield {"contentBlockStop": {"contentBlockIndex": block}}

        def text(block, delta):
            yield {"contentBlockDelta": {"contentBlockIndex": block, "delta": delta}}
            yield {"contentBlockStop": {"contentBlockIndex": block}}

        with script(
            {"messageStart": {"role": "assistant"}},
            *text(0, {"reasoningContent": {"text": "Two calls."}}),
            *text(1, {"text": "One moment."}),
            *tool(2, "call_a", "get_time", '{"zo', 'ne":"CET"}'),
            *text(3, {"text": " And"}),
            *tool(4, "call_b", "get_time"),
            {"messageStop": {"stopReason": "tool_use"}},
            {"metadata": {"usage": {"inputTokens": 3, "outputTokens": 9, "totalTokens": 12},
                          "metrics": {"latencyMs": 1}}},
        ):
            tools = [{"type": "function", "function": {"name": "get_time"}}]
            chunks = list(self.client.chat.completions.create(stream=True, tools=tools, **ASK))
            whole = self.stream(tools=tools, **ASK)
        indexes = [call.index for chunk in chunks for choice in chunk.choices
                   for call in choice.delta.tool_calls or []]
        self.assertEqual(sorted(set(indexes)), [0, 1])
        self.assertEqual(indexes, sorted(indexes))
        self.assertEqual(whole.message.content, "One moment. And")
        self.assertEqual(
            [(call.id, call.function.name, json.loads(call.function.arguments))
             for call in whole.message.tool_calls],
            [("call_a", "get_time", {"zone": "CET"}), ("call_b", "get_time", {})])

    def test_results_go_back_with_the_call_however_it_was_read_and_an_answer_comes(self):
        completions = self.client.chat.completions
        for called in (
            completions.create(tools=TOOLS, **ASK).choices[0].message,
            completions.parse(tools=TOOLS, **ASK).choices[0].message,
            self.stream(tools=TOOLS, **ASK).message,
        ):
            with self.subTest(type(called)):
                results = [{"role": "tool", "tool_call_id": call.id, "content": "Sunny, noon."}
                           for call in called.tool_calls]
                answer = completions.create(
                    model=MODEL, tools=TOOLS, messages=[*ASK["messages"], called, *results])
                self.assertEqual(answer.choices[0].finish_reason, "stop")
                self.assertIsNone(answer.choices[0].message.tool_calls)

    def test_a_named_tool_is_the_one_called(self):
        answer = self.client.chat.completions.create(
            tools=TOOLS,
            tool_choice={"type": "function", "function": {"name": "get_time"}},
            **ASK,
        )
        names = [call.function.name for call in answer.choices[0].message.tool_calls]
        self.assertEqual(names, ["get_time"])
