"""Errors as the client types them, and what it does about them by itself."""

import time

import openai

from stack import MODEL, StackTest, calls, fault, tenant

HELLO = [{"role": "user", "content": "Hi."}]


class Errors(StackTest):
    def counting(self, key):
        """A client with its default retries, and the list of what it sent."""
        sent = []
        http = openai.DefaultHttpxClient(event_hooks={"request": [sent.append]})
        return self.connect(key, http_client=http), sent

    def test_a_wrong_key_is_401_and_not_tried_again(self):
        for key in ("weir_wrong", "sk-something-else"):
            client, sent = self.counting(key)
            for call in (client.models.list, lambda: self.ask(client=client)):
                with self.assertRaises(openai.AuthenticationError) as raised:
                    call()
                self.assertEqual(raised.exception.code, "invalid_api_key")
                self.assertTrue(raised.exception.request_id)
            self.assertEqual(len(sent), 2)

    def test_an_unknown_model_or_route_is_404(self):
        for call, code in (
            (lambda: self.client.models.retrieve("nova-huge"), "model_not_found"),
            (lambda: self.client.chat.completions.create(model="nova-huge", messages=HELLO),
             "model_not_found"),
            (lambda: self.client.moderations.create(input="Hi."), "unknown_url"),
        ):
            with self.assertRaises(openai.NotFoundError) as raised:
                call()
            self.assertEqual(raised.exception.code, code)
            self.assertEqual(raised.exception.type, "invalid_request_error")
            self.assertTrue(raised.exception.request_id)

    def test_a_request_the_api_does_not_take_is_400_and_names_the_field(self):
        for more, code, param in (
            ({"messages": []}, "invalid_value", "messages"),
            ({"n": 2}, "unsupported_parameter", "n"),
            ({"temperature": 3}, "invalid_value", "temperature"),
            ({"extra_body": {"colour": "red"}}, "unknown_parameter", "colour"),
            ({"stream_options": {"include_usage": True}}, "invalid_value", "stream_options"),
            ({"messages": [{"role": "user", "content": [
                {"type": "image_url", "image_url": {"url": "http://169.254.169.254/"}}]}]},
             None, "messages[0].content[0].image_url.url"),
        ):
            with self.subTest(param), self.assertRaises(openai.BadRequestError) as raised:
                self.client.chat.completions.create(**{"model": MODEL, "messages": HELLO, **more})
            self.assertEqual(raised.exception.param, param)
            self.assertEqual(raised.exception.type, "invalid_request_error")
            if code:
                self.assertEqual(raised.exception.code, code)
        self.assertEqual(calls("started"), 0)

    def test_a_full_minute_is_429_and_says_when(self):
        client = self.connect(tenant("--rpm=2"), max_retries=0)
        self.ask(client=client)
        self.ask(client=client, stream=True).close()
        with self.assertRaises(openai.RateLimitError) as raised:
            self.ask(client=client)
        error = raised.exception
        self.assertEqual((error.type, error.code), ("requests", "rate_limit_exceeded"))
        headers = error.response.headers
        self.assertTrue(60 <= int(headers["retry-after"]) <= 75)
        self.assertGreater(int(headers["retry-after-ms"]), 0)
        self.assertEqual(headers["x-weir-limit"], "requests")
        self.assertEqual(headers["x-ratelimit-limit-requests"], "2")
        self.assertEqual(headers["x-ratelimit-remaining-requests"], "0")
        self.assertEqual(calls("started"), 2)

    def test_a_spent_budget_is_429_and_not_tried_again(self):
        client, sent = self.counting(tenant("--day=1"))
        with self.assertRaises(openai.RateLimitError) as raised:
            self.ask(client=client)
        self.assertEqual(raised.exception.code, "insufficient_quota")
        self.assertEqual(raised.exception.response.headers["x-weir-limit"], "day_budget")
        self.assertEqual((len(sent), calls("started")), (1, 0))

    def test_the_client_waits_as_told_and_succeeds(self):
        fault("status", status=503, retryAfterSeconds=1)
        start = time.monotonic()
        self.assertTrue(self.ask().choices[0].message.content)
        self.assertGreaterEqual(time.monotonic() - start, 1)
        self.assertEqual(
            [calls(outcome) for outcome in ("started", "failed", "completed")], [2, 1, 1])
