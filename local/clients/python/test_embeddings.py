"""Embeddings through the client, which asks for base64 by itself."""

import secrets

import openai

from stack import StackTest

ASK = {"model": "hash-embedding", "input": ["one", "two", "three"]}


class Embeddings(StackTest):
    def test_what_the_client_asks_for_by_itself_is_what_it_gets_as_numbers(self):
        found = self.client.embeddings.create(**ASK)
        asked = self.client.embeddings.create(encoding_format="float", **ASK)
        self.assertEqual([each.embedding for each in found.data],
                         [each.embedding for each in asked.data])
        self.assertEqual([each.index for each in found.data], [0, 1, 2])
        self.assertGreater(found.usage.prompt_tokens, 0)

    def test_a_text_and_its_tokens_are_both_taken(self):
        for one in ("one", [1, 2, 3], [[1, 2, 3]]):
            found = self.client.embeddings.create(model=ASK["model"], input=one)
            self.assertEqual(len(found.data), 1)

    def test_vectors_have_as_many_dimensions_as_asked_for_or_are_refused(self):
        self.assertEqual(
            len(self.client.embeddings.create(dimensions=256, **ASK).data[0].embedding), 256)
        with self.assertRaises(openai.BadRequestError) as refused:
            self.client.embeddings.create(dimensions=7, **ASK)
        self.assertEqual(refused.exception.param, "dimensions")

    def test_a_text_seen_before_costs_nothing(self):
        text = "seen " + secrets.token_hex(4)

        def cost():
            reply = self.client.embeddings.with_raw_response.create(model=ASK["model"], input=text)
            return int(reply.headers["x-weir-cost-microusd"])

        self.assertGreater(cost(), 0)
        self.assertEqual(cost(), 0)
