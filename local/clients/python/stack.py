"""The running stack: its address and key, its tenants, and the cables to pull."""

import functools
import json
import os
import pathlib
import secrets
import subprocess
import time
import unittest
import urllib.request
from contextlib import contextmanager

import openai

ROOT = os.environ["WEIR_URL"]
BASE_URL = ROOT + "/v1"
MODEL = "scripted"
TARGET = "local.scripted"


def control(method, path, body=None):
    """Calls the local stack's control, which is not part of the product."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{ROOT}/_local/{path}", data, method=method)
    with urllib.request.urlopen(request, timeout=10) as reply:
        return json.loads(reply.read() or b"null")


def tenant(*limits):
    """Makes a tenant with these limits, as an operator does, and returns its key."""

    def weir(*words):
        command = [pathlib.Path(__file__).parents[3] / "bin/weir", *words]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout

    name = "test-" + secrets.token_hex(4)
    weir("tenant", "create", name, *limits)
    return weir("key", "issue", name).split()[1]


unlimited = functools.cache(tenant)


@contextmanager
def script(*events):
    """Lets the model say exactly these events of ConverseStream."""
    control("PUT", f"bedrock/scripts/{TARGET}", list(events))
    try:
        yield
    finally:
        control("DELETE", f"bedrock/scripts/{TARGET}")


@contextmanager
def pace(tokens_per_second):
    """Lets the model speak this slowly."""
    control("POST", "bedrock/pace", {"tokensPerSecond": tokens_per_second})
    try:
        yield
    finally:
        control("POST", "bedrock/pace", {"tokensPerSecond": 0})


def fault(kind, times=1, **details):
    """Makes the next calls of the model go wrong."""
    control("POST", "bedrock/faults", {"model": TARGET, "kind": kind, "times": times, **details})


def calls(outcome):
    """How many calls the model has seen with this outcome since the test began."""
    totals = control("GET", "bedrock/calls")["calls"]
    return sum(total[outcome] for total in totals if total["model"] == TARGET)


def eventually(expected, actual, seconds=10):
    """Waits until actual() is as expected; returns what it was at last."""
    end = time.monotonic() + seconds
    while (found := actual()) != expected and time.monotonic() < end:
        time.sleep(0.2)
    return found


class StackTest(unittest.TestCase):
    """A test with a client without limits, a model without faults and calls counted from zero."""

    def setUp(self):
        control("DELETE", "bedrock/faults")
        control("DELETE", "bedrock/calls")
        self.addCleanup(control, "DELETE", "bedrock/faults")
        self.client = self.connect(unlimited())

    def connect(self, key, **options):
        client = openai.OpenAI(base_url=BASE_URL, api_key=key, timeout=60, **options)
        self.addCleanup(client.close)
        return client

    def ask(self, text="Say hello.", client=None, **more):
        return (client or self.client).chat.completions.create(
            model=MODEL, messages=[{"role": "user", "content": text}], **more
        )
