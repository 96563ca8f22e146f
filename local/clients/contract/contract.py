"""Holds docs/openapi.yaml to the replies of the running stack.

Each request below is sent; its reply must have a documented status, only documented headers, and a
body that fits the documented schema; a stream is held to it event by event. At the end every
documented status of every route must have been seen, or be named in UNREACHED with the reason.

A new door joins by its requests in REQUESTS. Its streams name the schema of an event's data by
`x-event-schema` next to `text/event-stream`.
"""

import functools
import http.client
import json
import os
import pathlib
import re
import secrets
import subprocess
import sys
import urllib.parse
from dataclasses import dataclass, field

import yaml
from openapi_schema_validator import OAS31Validator

ROOT = pathlib.Path(__file__).resolve().parents[3]
SPEC = yaml.safe_load((ROOT / "docs/openapi.yaml").read_text())
URL = urllib.parse.urlsplit(os.environ["WEIR_URL"])
TARGET = "local.scripted"
# What HTTP and API Gateway add to every reply.
HTTP = {"date", "content-type", "content-length", "transfer-encoding", "connection",
        "x-amzn-requestid", "x-amzn-errortype"}


@dataclass(frozen=True)
class Ask:
    """One request: the route as openapi.yaml writes it, and what is special about it."""

    name: str
    route: str
    status: int
    body: object = None
    path: object = ""
    headers: dict = field(default_factory=dict)
    key: object = lambda: ample()
    fault: dict = None
    script: list = None
    times: int = 1


@functools.cache
def tenant(*limits):
    """A tenant of its own, made as an operator makes it."""
    name = "contract-" + secrets.token_hex(4)
    weir("tenant", "create", name, *limits)
    return name


def responding(text="Say hello.", **more):
    return {"model": "scripted", "input": text, **more}


@functools.cache
def kept(what="one"):
    """The id of a response that is kept."""
    return json.loads(send(Ask("a response", RESPONSES, 200, responding(what)))[2])["id"]


@functools.cache
def talk(what="one"):
    """The id of a conversation with one item."""
    items = [{"role": "user", "content": what}]
    return json.loads(send(Ask("a conversation", TALKS, 200, {"items": items}))[2])["id"]


@functools.cache
def item(what="one"):
    path = f"/v1/conversations/{talk(what)}/items"
    return json.loads(send(Ask("items", TALK_ITEMS, 200, path=path))[2])["first_id"]


@functools.cache
def key(name, *options):
    return weir("key", "issue", name, *options).split()[1]


def suspended(name):
    weir("tenant", "suspend", name)
    return key(name)


def weir(*words):
    return subprocess.run(
        [ROOT / "bin/weir", *words], check=True, stdout=subprocess.PIPE, text=True).stdout


def ample():
    return key(tenant("--rpm=100000", "--tpm=100000000"))


def limited():
    return key(tenant("--rpm=1", "--tpm=9000"))


def full():
    """A key whose tenant's minute has just been filled."""
    taken = key(tenant("--rpm=1"))
    send(Ask("the only one", CHAT, 200, chat(), key=lambda: taken))
    return taken


@functools.cache
def busy():
    """The same for requests that follow each other at once."""
    return full()


@functools.cache
def halted():
    return suspended(tenant("--day=4"))


def poor():
    return key(tenant("--day=1"))


def chat(text="Say hello.", **more):
    return {"model": "scripted", "messages": [{"role": "user", "content": text}], **more}


def embed(input="A river.", **more):
    return {"model": "hash-embedding", "input": input, **more}


CHAT, EMBED, MODELS, MODEL, HEALTH = (
    "post /v1/chat/completions", "post /v1/embeddings", "get /v1/models", "get /v1/models/{id}", "get /healthz")
INVOKE, RESULT = ("post /v1/endpoints/{name}/invocations", "get /v1/endpoints/{name}/invocations/{id}")
ECHO = "/v1/endpoints/echo/invocations"
ROUTED = {"content-type": "application/octet-stream", "x-amzn-sagemaker-target-model": "a.tar.gz",
          "x-amzn-sagemaker-session-id": "NEW_SESSION"}
LATER = {"x-weir-mode": "async", "idempotency-key": "contract-" + secrets.token_hex(8)}
RESPONSES, TALKS = "post /v1/responses", "post /v1/conversations"
RESPONSE, FORGET = "get /v1/responses/{id}", "delete /v1/responses/{id}"
INPUT, CANCEL = "get /v1/responses/{id}/input_items", "post /v1/responses/{id}/cancel"
TALK, LABEL = "get /v1/conversations/{id}", "post /v1/conversations/{id}"
END = "delete /v1/conversations/{id}"
TALK_ITEMS, ADD = "get /v1/conversations/{id}/items", "post /v1/conversations/{id}/items"
ITEM, REMOVE = (f"{method} /v1/conversations/{{id}}/items/{{item}}" for method in ("get", "delete"))
SESSIONS = (RESPONSE, FORGET, INPUT, CANCEL, TALKS, TALK, LABEL, END, TALK_ITEMS, ADD, ITEM, REMOVE)
TOOLS = [{"type": "function", "function": {"name": "get_time", "parameters": {
    "type": "object", "properties": {"zone": {"type": "string"}}, "required": ["zone"]}}}]
JSON = {"type": "json_schema", "json_schema": {"name": "mood", "schema": {
    "type": "object", "properties": {"mood": {"type": "string"}}, "required": ["mood"]}}}
USAGE = {"stream_options": {"include_usage": True}}
IDEMPOTENT, EMBEDDED_ONCE, ANSWERED_ONCE = (
    {"idempotency-key": "contract-" + secrets.token_hex(8)} for _ in range(3))
CACHED = chat(secrets.token_hex(8), temperature=0)
EMBEDS = {"model": "local.hash-embedding"}
ALIKE = {"model": "alike", "temperature": 0}
BREAKS = {"kind": "cut", "afterEvents": 4}
REASONS = [
    {"messageStart": {"role": "assistant"}},
    {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"reasoningContent": {"text": "So."}}}},
    {"contentBlockStop": {"contentBlockIndex": 0}},
    {"contentBlockDelta": {"contentBlockIndex": 1, "delta": {"text": "Yes."}}},
    {"contentBlockStop": {"contentBlockIndex": 1}},
    {"messageStop": {"stopReason": "end_turn"}},
    {"metadata": {"usage": {"inputTokens": 3, "outputTokens": 9, "totalTokens": 22,
                            "cacheReadInputTokens": 6, "cacheWriteInputTokens": 4},
                  "metrics": {"latencyMs": 1}}},
]


def fails(status, kind="status", **details):
    return {"kind": kind, "status": status, "times": 0, **details}


REQUESTS = [
    Ask("an answer", CHAT, 200, chat()),
    Ask("an answer that is capped", CHAT, 200, chat(max_completion_tokens=2)),
    Ask("an ignored field", CHAT, 200, chat(seed=1)),
    Ask("a tool call", CHAT, 200, chat(tools=TOOLS)),
    Ask("structured output", CHAT, 200, chat(response_format=JSON)),
    Ask("reasoning and a prompt cache", CHAT, 200, chat(), script=REASONS),
    Ask("a cached answer", CHAT, 200, CACHED, times=2),
    Ask("a cached answer, streamed", CHAT, 200, CACHED | {"stream": True}),
    Ask("a question to be asked again", CHAT, 200, chat("How do I reset my password?") | ALIKE),
    Ask("a similar question", CHAT, 200, chat("How can I reset my password?") | ALIKE),
    Ask("a replayed answer", CHAT, 200, chat(), headers=IDEMPOTENT, times=2),
    Ask("a stand-in's answer", CHAT, 200, chat() | {"model": "resilient"}, fault=fails(503)),
    Ask("an answer under limits", CHAT, 200, chat(), key=limited),
    Ask("a stream", CHAT, 200, chat(stream=True)),
    Ask("a stream with usage", CHAT, 200, chat(stream=True, **USAGE)),
    Ask("a streamed tool call", CHAT, 200, chat(stream=True, tools=TOOLS, **USAGE)),
    Ask("a stream with reasoning", CHAT, 200, chat(stream=True, **USAGE), script=REASONS),
    Ask("a stream that breaks", CHAT, 200, chat("one two three four", stream=True), fault=BREAKS),
    Ask("no JSON", CHAT, 400, b"{"),
    Ask("an unknown field", CHAT, 400, chat(colour="red")),
    Ask("a prompt that a guard stops", CHAT, 400, chat("a" * 5000)),
    Ask("a prompt that is too long", CHAT, 400, chat("ten words are here " * 60_000)),
    Ask("a bad idempotency key", CHAT, 400, chat(), headers={"idempotency-key": "x" * 300}),
    Ask("a request the model refuses", CHAT, 400, chat(), fault=fails(400)),
    Ask("no key", CHAT, 401, chat(), key=lambda: None),
    Ask("a wrong key", CHAT, 401, chat(), key=lambda: "weir_wrong"),
    Ask("a model that is not on the list", CHAT, 403, chat(), key=lambda: key(tenant("--day=1"), "--model=echo")),
    Ask("an unknown model", CHAT, 404, chat() | {"model": "nova-huge"}),
    Ask("another body", CHAT, 409, chat("Else."), headers=IDEMPOTENT),
    Ask("another door", EMBED, 409, embed(), headers=IDEMPOTENT),
    Ask("too large a body", CHAT, 413, chat("a word " * 700_000)),
    Ask("a full minute", CHAT, 429, chat(), key=full),
    Ask("a spent budget", CHAT, 429, chat(), key=poor),
    Ask("a suspended tenant", CHAT, 403, chat(), key=lambda: suspended(tenant("--day=3"))),
    Ask("a throttled model", CHAT, 429, chat(), fault=fails(429)),
    Ask("a model that fails", CHAT, 502, chat(), fault=fails(500)),
    Ask("a model that breaks off", CHAT, 502, chat(), fault=BREAKS),
    Ask("a model that says nothing", CHAT, 502, chat(), fault={"kind": "empty"}),
    Ask("a model that is not there", CHAT, 503, chat(), fault=fails(503)),
    Ask("vectors", EMBED, 200, embed(["one", "two", "one"])),
    Ask("vectors in base64", EMBED, 200, embed(dimensions=256, encoding_format="base64")),
    Ask("vectors of token ids", EMBED, 200, embed([[15339, 1917]], user="u")),
    Ask("kept vectors", EMBED, 200, embed(secrets.token_hex(8)), times=2),
    Ask("replayed vectors", EMBED, 200, embed(), headers=EMBEDDED_ONCE | {"cache-control": "no-store"}, times=2),
    Ask("no text", EMBED, 400, embed([])),
    Ask("a chat model's vectors", EMBED, 400, embed() | {"model": "scripted"}),
    Ask("vectors without a key", EMBED, 401, embed(), key=lambda: None),
    Ask("vectors that are not on the list", EMBED, 403, embed(), key=lambda: key(tenant("--day=1"), "--model=echo")),
    Ask("vectors of an unknown model", EMBED, 404, embed() | {"model": "nova-huge"}),
    Ask("another text", EMBED, 409, embed("else"), headers=EMBEDDED_ONCE),
    Ask("too large a text", EMBED, 413, embed("a word " * 700_000)),
    Ask("vectors beyond a budget", EMBED, 429, embed(secrets.token_hex(8)), key=poor),
    Ask("vectors of a throttled model", EMBED, 429, embed(secrets.token_hex(8)), fault=EMBEDS | fails(429)),
    Ask("vectors that are not there", EMBED, 502, embed(secrets.token_hex(8)), fault=EMBEDS | {"kind": "empty"}),
    Ask("vectors of a model that is away", EMBED, 503, embed(secrets.token_hex(8)), fault=EMBEDS | fails(503)),
    Ask("an endpoint", INVOKE, 200, b"bytes", path=ECHO, headers=ROUTED),
    Ask("an endpoint's stream", INVOKE, 200, b"bytes", path=ECHO, headers={"x-weir-mode": "stream"}),
    Ask("an endpoint, later", INVOKE, 202, b"bytes", path=ECHO, headers=LATER, times=2),
    Ask("a mode there is not", INVOKE, 400, b"bytes", path=ECHO, headers={"x-weir-mode": "often"}),
    Ask("an endpoint without a key", INVOKE, 401, b"bytes", path=ECHO, key=lambda: None),
    Ask("an endpoint that is not on the list", INVOKE, 403, b"bytes", path=ECHO,
        key=lambda: key(tenant("--day=1"), "--model=scripted")),
    Ask("an unknown endpoint", INVOKE, 404, b"bytes", path="/v1/endpoints/none/invocations"),
    Ask("another body for an endpoint", INVOKE, 409, b"other", path=ECHO, headers=LATER),
    Ask("too large a body for an endpoint", INVOKE, 413, b" " * 100_001,
        path="/v1/endpoints/classifier/invocations"),
    Ask("an endpoint over the budget", INVOKE, 429, b"bytes", path=ECHO, key=poor),
    Ask("a result there is not", RESULT, 404, path=ECHO + "/inv_0"),
    Ask("a result without a key", RESULT, 401, path=ECHO + "/inv_0", key=lambda: None),
    Ask("a result of an endpoint that is not on the list", RESULT, 403, path=ECHO + "/inv_0",
        key=lambda: key(tenant("--day=1"), "--model=scripted")),
    Ask("a response", RESPONSES, 200, responding()),
    Ask("a response that calls a tool", RESPONSES, 200, responding(
        tools=[{"type": "function", **TOOLS[0]["function"]}])),
    Ask("a response with reasoning", RESPONSES, 200, responding(), script=REASONS),
    Ask("a streamed response", RESPONSES, 200, responding(stream=True)),
    Ask("a streamed response with reasoning", RESPONSES, 200, responding(stream=True), script=REASONS),
    Ask("a response that breaks", RESPONSES, 200, responding("one two three four", stream=True), fault=BREAKS),
    Ask("a response that is replayed", RESPONSES, 200, responding(), headers=ANSWERED_ONCE, times=2),
    Ask("a built-in tool", RESPONSES, 400, responding(tools=[{"type": "web_search"}])),
    Ask("a response without a key", RESPONSES, 401, responding(), key=lambda: None),
    Ask("a response by a model not on the list", RESPONSES, 403, responding(), key=lambda: key(tenant("--day=1"), "--model=echo")),
    Ask("a response after nothing", RESPONSES, 404, responding(previous_response_id="resp_none")),
    Ask("a response with another body", RESPONSES, 409, responding("Else."), headers=ANSWERED_ONCE),
    Ask("too large a response", RESPONSES, 413, responding("a word " * 700_000)),
    Ask("a response over budget", RESPONSES, 429, responding(), key=lambda: key(tenant("--day=2"))),
    Ask("a response that fails", RESPONSES, 502, responding(), fault=fails(500)),
    Ask("a response by a model that is not there", RESPONSES, 503, responding(), fault=fails(503)),
    *(Ask(f"{route} without a key", route, 401, {}, path=re.sub(r"\{\w+\}", "x", route.split()[1]), key=lambda: None)
      for route in SESSIONS),
    *(Ask(f"{route} of a suspended tenant", route, 403, {}, path=re.sub(r"\{\w+\}", "x", route.split()[1]), key=halted)
      for route in SESSIONS),
    *(Ask(f"{route} in a full minute", route, 429, {}, path=re.sub(r"\{\w+\}", "x", route.split()[1]), key=busy)
      for route in SESSIONS),
    *(Ask(f"{route} of nothing", route, 404, {"metadata": {}} if route == LABEL else
          {"items": [{"role": "user", "content": "x"}]} if route == ADD else None,
          path=re.sub(r"\{\w+\}", "none", route.split()[1]))
      for route in (RESPONSE, FORGET, INPUT, CANCEL, TALK, LABEL, END, TALK_ITEMS, ADD, ITEM, REMOVE)),
    Ask("a kept response", RESPONSE, 200, path=lambda: f"/v1/responses/{kept()}"),
    Ask("a kept response, streamed", RESPONSE, 400, path=lambda: f"/v1/responses/{kept()}?stream=true"),
    Ask("its input", INPUT, 200, path=lambda: f"/v1/responses/{kept()}/input_items"),
    Ask("too long a page", INPUT, 400, path=lambda: f"/v1/responses/{kept()}/input_items?limit=0"),
    Ask("a cancellation", CANCEL, 400, path=lambda: f"/v1/responses/{kept()}/cancel"),
    Ask("a deletion", FORGET, 200, path=lambda: f"/v1/responses/{kept('two')}"),
    Ask("a conversation", TALKS, 200, {"metadata": {"topic": "rivers"}}),
    Ask("a conversation of the unknown", TALKS, 400, {"colour": "red"}),
    Ask("a conversation that is too large", TALKS, 413, {"items": [{"role": "user", "content": "a word " * 700_000}]}),
    Ask("the conversation", TALK, 200, path=lambda: f"/v1/conversations/{talk()}"),
    Ask("a label", LABEL, 200, {"metadata": {"topic": "lakes"}}, path=lambda: f"/v1/conversations/{talk()}"),
    Ask("a label that is none", LABEL, 400, {"metadata": 1}, path=lambda: f"/v1/conversations/{talk()}"),
    Ask("too large a label", LABEL, 413, {"metadata": {"a": "a word " * 700_000}}, path=lambda: f"/v1/conversations/{talk()}"),
    Ask("its items", TALK_ITEMS, 200, path=lambda: f"/v1/conversations/{talk()}/items"),
    Ask("no order", TALK_ITEMS, 400, path=lambda: f"/v1/conversations/{talk()}/items?order=up"),
    Ask("more items", ADD, 200, {"items": [{"role": "user", "content": "x"}]}, path=lambda: f"/v1/conversations/{talk()}/items"),
    Ask("no items", ADD, 400, {}, path=lambda: f"/v1/conversations/{talk()}/items"),
    Ask("too many items", ADD, 413, {"items": [{"role": "user", "content": "a word " * 700_000}]}, path=lambda: f"/v1/conversations/{talk()}/items"),
    Ask("an item", ITEM, 200, path=lambda: f"/v1/conversations/{talk('two')}/items/{item('two')}"),
    Ask("an item removed", REMOVE, 200, path=lambda: f"/v1/conversations/{talk('two')}/items/{item('two')}"),
    Ask("the end of a conversation", END, 200, path=lambda: f"/v1/conversations/{talk('two')}"),
    Ask("the models", MODELS, 200),
    Ask("the models without a key", MODELS, 401, key=lambda: None),
    Ask("a model", MODEL, 200, path="/v1/models/scripted"),
    Ask("a model without a key", MODEL, 401, path="/v1/models/scripted", key=lambda: None),
    Ask("a model that is unknown", MODEL, 404, path="/v1/models/nova-huge"),
    Ask("health", HEALTH, 200, key=lambda: None),
]

# Of each route, the documented statuses that no request above can bring about, and why.
UNREACHED = {
    CHAT: {500: "needs a fault of Weir itself", 504: "takes the longest wait for a first content"},
    EMBED: {500: "needs a fault of Weir itself", 504: "takes the request's whole time"},
    INVOKE: {500: "needs a fault of Weir itself", 502: "as of chat", 503: "as of chat",
             504: "takes the longest wait"},
    RESULT: {200: "comes later", 202: "may be over at once", 400: "takes no parameters",
             429: "as of an invocation", 500: "needs a fault of Weir itself",
             502: "needs an invocation that fails", 503: "needs a table that is away"},
    RESPONSES: {500: "needs a fault of Weir itself", 504: "takes the longest wait for a first content"},
    **{route: {500: "needs a fault of Weir itself", 503: "needs a table that is away"}
       for route in (RESPONSE, FORGET, INPUT, CANCEL, TALKS, TALK, END, TALK_ITEMS, ITEM)},
    **{route: {409: "needs two changes at once", 500: "needs a fault of Weir itself",
               503: "needs a table that is away"}
       for route in (LABEL, ADD, REMOVE)},
    MODELS: {429: "only API Gateway's throttle", 500: "needs a fault of Weir itself",
             503: "needs a table that is away"},
    MODEL: {429: "only API Gateway's throttle", 500: "needs a fault of Weir itself",
            503: "needs a table that is away"},
    HEALTH: {503: "needs a guard that is not armed"},
}

findings = []
seen = {}
counted = {"replies": 0, "events": 0}


def send(ask):
    connection = http.client.HTTPConnection(URL.hostname, URL.port, timeout=60)
    method, path = ask.route.split()
    path = (ask.path() if callable(ask.path) else ask.path) or path
    body = ask.body if isinstance(ask.body, bytes | None) else json.dumps(ask.body)
    headers = {"content-type": "application/json", **ask.headers}
    if key := ask.key():
        headers["authorization"] = f"Bearer {key}"
    connection.request(method.upper(), path, body, headers)
    reply = connection.getresponse()
    text = reply.read().decode()
    connection.close()
    return reply.status, [(name.lower(), value) for name, value in reply.getheaders()], text


def control(method, path, body=None):
    ask = Ask("control", f"{method} /_local/bedrock/{path}", 200, body)
    status, _, text = send(ask)
    assert status < 300, text


def resolved(node):
    while "$ref" in node:
        for part in node["$ref"].removeprefix("#/").split("/"):
            node = SPEC[part] if node is not None and part in ("components", "paths") else node[part]
    return node


@functools.cache
def validator(schema):
    # The document itself goes along, since references are to it.
    return OAS31Validator({"components": SPEC["components"], **json.loads(schema)})


def fits(value, schema, where):
    for error in validator(json.dumps(schema)).iter_errors(value):
        findings.append(f"{where}: {error.json_path} {error.message[:300]}")


def scalar(text):
    return int(text) if re.fullmatch(r"-?\d+", text) else text


def headers(documented, sent, where):
    names = [name for name, _ in sent]
    if len(names) != len(set(names)):
        findings.append(f"{where}: a header is there twice")
    for name, value in sent:
        if name in documented:
            schema = resolved(documented[name])["schema"]
            text = resolved(schema).get("type") == "string"
            fits(value if text else scalar(value), schema, f"{where}: header {name}")
        elif name not in HTTP:
            findings.append(f"{where}: header {name} is not documented")
    for name, header in documented.items():
        if resolved(header).get("required") and name not in names:
            findings.append(f"{where}: header {name} is missing")


def stream(text, content, where):
    schema = content["x-event-schema"]
    events = text.split("\n\n")
    if events.pop() != "":
        findings.append(f"{where}: does not end with an empty line")
    data = []
    for event in events:
        for line in event.splitlines():
            if line.startswith("data: "):
                data.append(line.removeprefix("data: "))
            elif not line.startswith((":", "event: ")):
                findings.append(f"{where}: line {line[:80]!r}")
    # Chunks end with [DONE]; of a response the last event says how it ended.
    if content.get("x-event-end") == "none":
        data.append("[DONE]")
    broken = data[-1] != "[DONE]"
    for item in data if broken else data[:-1]:
        counted["events"] += 1
        value = json.loads(item)
        failed = broken and item is data[-1]
        fits(value, {"$ref": "#/components/schemas/ErrorBody"} if failed else schema, where)


def check(ask):
    method, path = ask.route.split()
    operation = SPEC["paths"][path][method]
    status, sent, text = send(ask)
    where = f"{ask.name} ({ask.route})"
    counted["replies"] += 1
    if status != ask.status:
        findings.append(f"{where}: {status} instead of {ask.status}: {text[:300]}")
    documented = operation["responses"].get(str(status))
    if documented is None:
        findings.append(f"{where}: status {status} is not documented")
        return
    seen.setdefault(ask.route, set()).add(status)
    documented = resolved(documented)
    headers(documented.get("headers", {}), sent, where)
    kind = dict(sent).get("content-type", "").split(";")[0]
    contents = documented.get("content", {})
    content = contents.get(kind, contents.get("*/*"))
    if content is not None and kind not in contents:
        return  # bytes of any type
    if content is None:
        findings.append(f"{where}: content type {kind!r} is not documented")
    elif kind == "text/event-stream":
        stream(text, content, where)
    else:
        fits(json.loads(text), content["schema"], where)


def main():
    for ask in REQUESTS:
        for method, name, body in (
            ("post", "faults", ask.fault and {"model": TARGET, "times": 1, **ask.fault}),
            ("put", f"scripts/{TARGET}", ask.script),
        ):
            if body:
                control(method, name, body)
        try:
            for _ in range(ask.times):
                check(ask)
        finally:
            control("delete", "faults")
            control("delete", f"scripts/{TARGET}")
    for path, item in SPEC["paths"].items():
        if path.startswith(("/admin/", "/remediation/")):
            continue  # Signed, not asked by key: the Bruno collection asks each of them.
        for method, operation in item.items():
            route = f"{method} {path}"
            named = UNREACHED.get(route, {})
            for status in map(int, operation["responses"]):
                reached = status in seen.get(route, ())
                if reached == (status in named):
                    findings.append(
                        f"{route} {status}: " + ("seen, but named in UNREACHED" if reached else "never seen"))
    for finding in findings:
        print(f"contract: {finding}")
    if findings:
        sys.exit(f"contract: {len(findings)} finding(s)")
    print(f"contract: {counted['replies']} replies and {counted['events']} events of streams are as "
          "docs/openapi.yaml says")


main()
