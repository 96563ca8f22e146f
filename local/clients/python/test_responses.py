"""The Responses API through the client's own parsers and accumulators."""

import json

import openai
from pydantic import BaseModel, Field

from stack import MODEL, StackTest

ASK = {"model": MODEL, "input": "Weather?"}


class GetWeather(BaseModel):
    """Weather of a place."""

    place: str
    days: int = Field(ge=3)


TOOLS = [openai.pydantic_function_tool(GetWeather, name="get_weather")]
# The same tool in the words of the Responses API.
TOOLS = [{"type": "function", **tool["function"]} for tool in TOOLS]


class Responses(StackTest):
    def test_a_stream_is_the_response_it_would_be_buffered(self):
        with self.client.responses.stream(**ASK) as stream:
            kinds = [event.type for event in stream]
            streamed = stream.get_final_response()
        buffered = self.client.responses.create(**ASK)
        self.assertEqual(streamed.output_text, buffered.output_text)
        self.assertEqual(streamed.usage, buffered.usage)
        self.assertEqual(kinds[:2], ["response.created", "response.in_progress"])
        self.assertEqual(kinds[-1], "response.completed")

    def test_structured_output_is_parsed(self):
        response = self.client.responses.parse(text_format=GetWeather, **ASK)
        self.assertEqual(response.output_parsed, GetWeather(place="text", days=3))

    def test_a_call_is_answered_in_the_next_turn_without_the_first_one_sent_again(self):
        called = self.client.responses.create(tools=TOOLS, **ASK)
        call = next(item for item in called.output if item.type == "function_call")
        self.assertEqual(json.loads(call.arguments), {"place": "text", "days": 3})
        answer = self.client.responses.create(
            model=MODEL, tools=TOOLS, previous_response_id=called.id,
            input=[{"type": "function_call_output", "call_id": call.call_id, "output": "Sunny."}])
        self.assertTrue(answer.output_text)

    def test_what_the_client_got_may_be_sent_back_as_it_is(self):
        called = self.client.responses.create(tools=TOOLS, store=False, **ASK)
        results = [{"type": "function_call_output", "call_id": item.call_id, "output": "Sunny."}
                   for item in called.output if item.type == "function_call"]
        answer = self.client.responses.create(
            model=MODEL, tools=TOOLS, store=False,
            input=[{"role": "user", "content": "Weather?"}, *called.output, *results])
        self.assertTrue(answer.output_text)

    def test_three_turns_are_remembered_listed_and_deleted(self):
        last = None
        for text in ("one", "two", "three"):
            last = self.client.responses.create(
                model="echo", input=text, previous_response_id=last and last.id)
        for word in ("three",):
            self.assertIn(word, last.output_text)
        self.assertEqual(self.client.responses.retrieve(last.id).output_text, last.output_text)
        items = list(self.client.responses.input_items.list(last.id))
        self.assertEqual([item.content[0].text for item in items], ["three"])
        self.client.responses.delete(last.id)
        with self.assertRaises(openai.NotFoundError):
            self.client.responses.retrieve(last.id)

    def test_a_conversation_holds_its_items_and_pages_through_them(self):
        conversation = self.client.conversations.create(metadata={"topic": "rivers"})
        for text in ("one", "two", "three"):
            self.client.responses.create(model=MODEL, input=text, conversation=conversation.id)
        items = list(self.client.conversations.items.list(conversation.id, limit=2, order="asc"))
        self.assertEqual(len(items), 6)
        self.assertEqual(len({item.id for item in items}), 6)
        self.client.conversations.items.delete(items[0].id, conversation_id=conversation.id)
        changed = self.client.conversations.update(conversation.id, metadata={"topic": "lakes"})
        self.assertEqual(changed.metadata, {"topic": "lakes"})
        self.assertTrue(self.client.conversations.delete(conversation.id).deleted)

    def test_what_is_not_done_is_refused_by_name(self):
        for more, param in (
            ({"background": True}, "background"),
            ({"tools": [{"type": "web_search"}]}, "tools[0].type"),
            ({"reasoning": {"effort": "high"}}, "reasoning.effort"),
        ):
            with self.subTest(param), self.assertRaises(openai.BadRequestError) as refused:
                self.client.responses.create(**ASK, **more)
            self.assertEqual(refused.exception.param, param)
