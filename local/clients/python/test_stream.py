"""Streams: their chunks, their end and what happens when either side breaks off."""

import json

import openai

from stack import MODEL, StackTest, calls, eventually, fault, pace


class Streams(StackTest):
    def test_chunks_append_to_the_buffered_answer(self):
        buffered = self.ask("one two three")
        chunks = list(self.ask("one two three", stream=True))
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
        self.assertEqual(text, buffered.choices[0].message.content)
        self.assertGreater(len(chunks), 4)
        self.assertEqual(chunks[0].choices[0].delta.role, "assistant")
        self.assertEqual(chunks[-1].choices[0].finish_reason, "stop")

    def test_every_chunk_has_a_choice_and_none_has_usage_unless_asked_for(self):
        chunks = list(self.ask(stream=True))
        self.assertEqual({len(chunk.choices) for chunk in chunks}, {1})
        self.assertEqual({chunk.usage for chunk in chunks}, {None})
        self.assertEqual(len({(chunk.id, chunk.created) for chunk in chunks}), 1)
        self.assertEqual({(chunk.object, chunk.model) for chunk in chunks},
                         {("chat.completion.chunk", MODEL)})

    def test_usage_asked_for_comes_once_in_a_last_chunk_without_choices(self):
        buffered = self.ask("one two three")
        *chunks, last = self.ask(
            "one two three", stream=True, stream_options={"include_usage": True}
        )
        self.assertEqual({len(chunk.choices) for chunk in chunks}, {1})
        self.assertEqual({chunk.usage for chunk in chunks}, {None})
        self.assertEqual(last.choices, [])
        self.assertEqual(last.usage, buffered.usage)

    def test_the_last_event_is_done(self):
        with self.client.chat.completions.with_streaming_response.create(
            model=MODEL, messages=[{"role": "user", "content": "Hi."}], stream=True
        ) as response:
            lines = [line for line in response.iter_lines() if line]
            self.assertTrue(response.headers["content-type"].startswith("text/event-stream"))
        self.assertEqual(lines[-1], "data: [DONE]")
        self.assertRegex(lines[-2], r"^: x-weir-cost-microusd \d+$")
        self.assertTrue(all("error" not in json.loads(line[6:])
                            for line in lines[:-1] if line.startswith("data: ")))

    def test_a_model_that_breaks_off_raises_in_the_middle_of_the_stream(self):
        for kind in ("cut", "exceptionFrame", "reset"):
            with self.subTest(kind):
                fault(kind, afterEvents=4)
                heard = []
                with self.assertRaises(openai.APIError) as raised:
                    for chunk in self.ask("one two three four five", stream=True):
                        heard.append(chunk.choices[0].delta.content)
                self.assertGreater(len(heard), 1)
                self.assertNotIsInstance(raised.exception, openai.APIConnectionError)
                self.assertTrue(raised.exception.code)

    def test_a_model_that_fails_before_its_first_word_is_an_error_with_a_status(self):
        fault("status", status=503, times=0)
        with self.assertRaises(openai.InternalServerError) as raised:
            self.ask(stream=True, client=self.client.with_options(max_retries=0))
        self.assertEqual(raised.exception.status_code, 503)
        self.assertEqual(raised.exception.code, "upstream_unavailable")

    def test_a_client_that_goes_away_stops_the_model(self):
        with pace(5):
            stream = self.ask(" ".join(["word"] * 60), stream=True)
            for _ in range(4):
                next(stream)
            stream.close()
            self.assertEqual(eventually(1, lambda: calls("cancelled")), 1)
        self.assertEqual(calls("inFlight"), 0)
        self.assertEqual(calls("completed"), 0)
