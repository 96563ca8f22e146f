"""Buffered answers, models, structured output and headers."""

import asyncio
from typing import Literal

import openai
from pydantic import BaseModel

from stack import BASE_URL, MODEL, TARGET, StackTest, calls, tenant

PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


class Mood(BaseModel):
    mood: Literal["good", "bad"]
    points: int
    words: list[str]


class Chat(StackTest):
    def test_a_buffered_answer_is_whole(self):
        answer = self.ask("Say hello.")
        choice = answer.choices[0]
        self.assertEqual(answer.object, "chat.completion")
        self.assertEqual(answer.model, MODEL)
        self.assertEqual(choice.message.role, "assistant")
        self.assertEqual(choice.message.content, "Scripted answer: Say hello.")
        self.assertEqual(choice.finish_reason, "stop")
        self.assertEqual(
            answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens
        )
        self.assertGreater(answer.usage.completion_tokens, 0)

    def test_the_asynchronous_client_gets_the_same(self):
        async def both():
            async with openai.AsyncOpenAI(base_url=BASE_URL, api_key=self.client.api_key) as client:
                ask = {"model": MODEL, "messages": [{"role": "user", "content": "Hi."}]}
                answer = await client.chat.completions.create(**ask)
                async with client.chat.completions.stream(**ask) as stream:
                    return answer, await stream.get_final_completion()

        answer, streamed = asyncio.run(both())
        self.assertEqual(streamed.choices[0].message.content, answer.choices[0].message.content)

    def test_every_role_and_an_image_are_taken(self):
        answer = self.client.chat.completions.create(
            model=MODEL,
            messages=[
                {"role": "system", "content": "Be brief."},
                {"role": "developer", "content": [{"type": "text", "text": "Be kind."}]},
                {"role": "user", "content": "Hello."},
                {"role": "assistant", "content": "Hello!"},
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "What is this?"},
                        {"type": "image_url", "image_url": {"url": PIXEL}},
                    ],
                },
            ],
        )
        self.assertEqual(answer.choices[0].message.content, "Scripted answer: What is this?")

    def test_an_answer_ends_at_its_cap_and_at_a_stop_word(self):
        capped = self.ask("one two three four", max_completion_tokens=3)
        self.assertEqual(capped.choices[0].finish_reason, "length")
        self.assertEqual(capped.usage.completion_tokens, 3)
        stopped = self.ask("one two three four", stop=["three"])
        self.assertEqual(stopped.choices[0].finish_reason, "stop")
        self.assertEqual(stopped.choices[0].message.content, "Scripted answer: one two ")

    def test_structured_output_parses(self):
        ask = {"model": MODEL, "messages": [{"role": "user", "content": "I love it."}]}
        answer = self.client.chat.completions.parse(response_format=Mood, **ask)
        self.assertIsInstance(answer.choices[0].message.parsed, Mood)
        with self.client.chat.completions.stream(response_format=Mood, **ask) as stream:
            streamed = stream.get_final_completion()
        self.assertEqual(streamed.choices[0].message.parsed, answer.choices[0].message.parsed)

    def test_models_are_listed_and_retrieved(self):
        listed = {model.id: model for model in self.client.models.list()}
        self.assertIn(MODEL, listed)
        self.assertEqual(self.client.models.retrieve(MODEL), listed[MODEL])

    def test_headers_say_what_was_done(self):
        client = self.connect(tenant("--rpm=9", "--tpm=50000"))
        raw = client.chat.completions.with_raw_response.create(
            model=MODEL, messages=[{"role": "user", "content": "Hi."}], max_completion_tokens=10
        )
        self.assertRegex(raw.headers["x-request-id"], "^req_")
        self.assertEqual(raw.parse()._request_id, raw.headers["x-request-id"])
        self.assertEqual(raw.headers["x-ratelimit-limit-requests"], "9")
        self.assertEqual(raw.headers["x-ratelimit-remaining-requests"], "8")
        self.assertRegex(raw.headers["x-ratelimit-reset-requests"], r"^\d+(\.\d{3})?s$")
        self.assertEqual(raw.headers["x-ratelimit-limit-tokens"], "50000")
        self.assertLess(int(raw.headers["x-ratelimit-remaining-tokens"]), 50_000)
        self.assertEqual(raw.headers["x-weir-model"], TARGET)
        self.assertEqual(raw.headers["x-weir-cache"], "off")
        self.assertGreaterEqual(int(raw.headers["x-weir-cost-microusd"]), 0)

    def test_an_equal_request_is_answered_from_the_cache(self):
        ask = self.client.chat.completions.with_raw_response.create
        request = {
            "model": MODEL,
            "messages": [{"role": "user", "content": "The same again."}],
            "temperature": 0,
        }
        first, second = ask(**request), ask(**request)
        self.assertEqual(first.headers["x-weir-cache"], "miss")
        self.assertEqual(second.headers["x-weir-cache"], "hit")
        self.assertEqual(second.headers["x-weir-cost-microusd"], "0")
        self.assertEqual(second.parse().choices, first.parse().choices)
        self.assertEqual(calls("started"), 1)
