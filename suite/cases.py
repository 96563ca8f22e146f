"""The complaints that can be seen over HTTP, each as what a client would notice."""

import base64
import secrets
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

from suite.adapters import NotOffered, NotTested, Usage
from suite.wire import Wire

CASES = {}
TOOLS = [{"type": "function", "function": {"name": "get_time", "parameters": {
    "type": "object", "properties": {"zone": {"type": "string"}}, "required": ["zone"]}}}]
WORDS = "one two three four five six"

# What no client can see, and what it would take.
UNSEEN = {
    "C9": "needs the gateway's own chain of fallbacks",
    "C11": "needs midnight",
    "C26": "needs the gateway's own database",
    "C29": "needs a switch for the gateway's guardrail",
    "C37": "needs the gateway's own chain of fallbacks",
    "C38": "needs the gateway's own chain of fallbacks",
    "C41": "needs hours and the gateway's memory",
    "C44": "needs a SageMaker endpoint",
    "C47": "needs the gateway's metrics",
}


def complaint(number, slow=False):
    """Marks the case of a complaint; a slow one takes most of a minute."""

    def mark(case):
        CASES[number] = (case, slow)
        return case

    return mark


def expect(condition, message):
    if not condition:
        raise AssertionError(message)


def eventually(wanted, seconds=10):
    """Waits until a condition holds."""
    end = time.monotonic() + seconds
    while not wanted() and time.monotonic() < end:
        time.sleep(0.2)


class Suite:
    """One gateway, and the tenants that cases share because they are dear to make."""

    def __init__(self, gateway, key):
        self.gateway = gateway
        self.wire = Wire(gateway.base_url)
        self.given = key

    @cached_property
    def key(self):
        """A key without limits."""
        return self.given or self.gateway.tenant().key

    @cached_property
    def other(self):
        """Another tenant without limits."""
        return self.gateway.tenant()

    @cached_property
    def booked(self):
        """A tenant of which only used() makes calls, and its usage so far."""
        return [self.gateway.tenant(), Usage(0, 0, 0, 0)]

    @cached_property
    def ten(self):
        """A tenant with ten requests a minute."""
        return self.gateway.tenant(requests_per_minute=10)

    @cached_property
    def burst(self):
        """What forty calls at once of that tenant were answered."""
        return self.at_once(40, self.ten.key)

    @cached_property
    def budget(self):
        """Twenty times what one call costs, in USD."""
        return 20 * self.used(lambda key: self.chat(key=key)).usd

    @cached_property
    def poor(self):
        """A tenant with that budget a day."""
        return self.gateway.tenant(day_budget_usd=self.budget)

    @cached_property
    def spent(self):
        """What a hundred calls at once of that tenant were answered."""
        return self.at_once(100, self.poor.key)

    def chat(self, text="Say hello.", key=None, headers=(), leave_after=None, **more):
        body = {"model": self.gateway.model, "messages": [{"role": "user", "content": text}],
                "max_completion_tokens": 20, **more}
        return self.wire.ask("/chat/completions", body, key or self.key, headers, leave_after)

    def stream(self, text="Say hello.", **more):
        return self.chat(text, stream=True, **more)

    def at_once(self, calls, key):
        with ThreadPoolExecutor(calls) as pool:
            return list(pool.map(lambda _: self.chat(key=key), range(calls)))

    def used(self, act):
        """What the books of a tenant grew by; waits for books that are late."""
        tenant, before = self.booked
        act(tenant.key)
        eventually(lambda: self.read(tenant).calls > before.calls)
        return self.booked[1] - before

    def read(self, tenant):
        self.booked[1] = self.gateway.usage(tenant)
        return self.booked[1]


def passed(replies):
    return sum(reply.status == 200 for reply in replies)


def unique():
    return "Case " + secrets.token_hex(6)


def usage_events(**tokens):
    return [
        {"messageStart": {"role": "assistant"}},
        {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "Yes."}}},
        {"contentBlockStop": {"contentBlockIndex": 0}},
        {"messageStop": {"stopReason": "end_turn"}},
        {"metadata": {"usage": tokens, "metrics": {"latencyMs": 1}}},
    ]


@complaint("C1")
def forty_calls_at_once_of_ten_a_minute(s):
    expect(passed(s.burst) <= 10, f"{passed(s.burst)} of 40 calls passed a limit of 10")
    expect(passed(s.burst) > 0, "no call passed a limit of 10")


@complaint("C2", slow=True)
def two_bursts_around_the_edge_of_a_minute(s):
    tenant = s.gateway.tenant(requests_per_minute=10)
    time.sleep((58 - time.time() % 60) % 60)
    first = s.at_once(15, tenant.key)
    time.sleep(max(0, 60.5 - time.time() % 60) if time.time() % 60 > 30 else 0)
    total = passed(first) + passed(s.at_once(15, tenant.key))
    expect(total <= 10, f"{total} calls passed within 60 s with a limit of 10 a minute")


@complaint("C3")
def two_calls_at_once_that_together_exceed_the_tokens(s):
    s.gateway.pace(10)  # So that each still runs when the next one comes.
    key = s.gateway.tenant(tokens_per_minute=1000).key
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(
            lambda _: s.chat("word " * 20, key=key, max_completion_tokens=700), range(4)))
    expect(passed(replies) == 1, f"{passed(replies)} of 4 calls of 700 tokens passed a limit of 1,000")


@complaint("C4")
def headroom_shrinks_by_tokens(s):
    reply = s.chat(key=s.gateway.tenant(tokens_per_minute=5000).key)
    left = reply.headers.get("x-ratelimit-remaining-tokens")
    expect(left is not None, "no x-ratelimit-remaining-tokens")
    total = reply.json["usage"]["total_tokens"]
    expect(int(left) <= 5000 - total, f"{left} of 5,000 tokens left after a call of {total}")


@complaint("C5")
def a_limit_that_makes_no_sense_is_refused(s):
    try:
        s.gateway.tenant(requests_per_minute=-1)
    except NotTested:
        raise
    except Exception:
        return
    raise AssertionError("a limit of -1 requests was taken")


@complaint("C6")
def a_hundred_calls_at_once_on_a_budget_for_twenty(s):
    expect(0 < passed(s.spent) < 100, f"{passed(s.spent)} of 100 calls passed a budget for 20")
    usage = s.gateway.usage(s.poor)
    expect(usage.usd <= s.budget * 1.000001, f"spent {usage.usd} USD of {s.budget}")


@complaint("C7")
def a_spent_budget_stays_spent(s):
    s.spent
    for _ in range(40):
        if s.chat(key=s.poor.key).status != 200:
            break
    else:
        raise AssertionError("40 more calls passed a budget for 20")
    usage = s.gateway.usage(s.poor)
    expect(usage.usd <= s.budget * 1.000001, f"spent {usage.usd} USD of {s.budget}")


@complaint("C8")
def no_side_route_passes_a_spent_budget(s):
    s.spent
    text = {"model": s.gateway.model, "max_tokens": 500}
    asked = [{"role": "user", "content": "Say hello."}]
    for path, body in (
        ("/chat/completions", {**text, "messages": asked, "stream": True}),
        ("/completions", {**text, "prompt": "Say hello."}),
        ("/responses", {"model": s.gateway.model, "input": "Say hello.", "max_output_tokens": 500}),
        ("/messages", {**text, "messages": asked}),
    ):
        status = s.wire.ask(path, body, s.poor.key).status
        expect(status >= 400, f"{path} answered {status} on a spent budget")


@complaint("C10")
def a_tenant_without_limits_is_not_refused(s):
    replies = s.at_once(20, s.other.key)
    expect(passed(replies) == 20, f"{passed(replies)} of 20 calls passed without any limit")


@complaint("C12")
def a_rotated_key_keeps_what_was_spent(s):
    s.spent
    rotated = s.gateway.rotate(s.poor)
    expect(s.chat(key=rotated.key, max_completion_tokens=500).status != 200,
           "a rotated key has a fresh budget")


@complaint("C13")
def a_revoked_key_stops(s):
    key = s.gateway.key(s.other)
    expect(s.chat(key=key).status == 200, "a new key does not work")
    s.gateway.revoke(s.other, key)
    status = s.chat(key=key).status
    expect(status in (401, 403), f"a revoked key was answered {status}")


@complaint("C14")
def a_client_that_goes_is_charged(s):
    s.gateway.pace(10)
    used = s.used(lambda key: s.stream(
        "word " * 40, key=key, leave_after=4, max_completion_tokens=100))
    expect(used.calls == 1 and used.input_tokens > 0 and used.output_tokens > 0 and used.usd > 0,
           f"booked {used}")


@complaint("C15")
def a_reported_zero_stays_zero(s):
    s.gateway.script(usage_events(inputTokens=0, outputTokens=0, totalTokens=0))
    usage = s.chat(unique()).json["usage"]
    expect((usage["prompt_tokens"], usage["completion_tokens"]) == (0, 0), f"usage is {usage}")


@complaint("C16")
def streamed_and_buffered_usage_are_the_same(s):
    streamed = s.stream(WORDS, stream_options={"include_usage": True})
    used = [chunk["usage"] for chunk in streamed.chunks if chunk.get("usage")]
    buffered = s.chat(WORDS).json["usage"]
    expect(used == [buffered], f"streamed {used}, buffered {buffered}")


@complaint("C17")
def no_usage_unless_asked_for(s):
    chunks = s.stream(WORDS).chunks
    expect(chunks and all(chunk["choices"] and not chunk.get("usage") for chunk in chunks),
           "a chunk has usage, or no choice")


@complaint("C18")
def each_kind_of_prompt_token_has_its_price(s):
    def cost(**more):
        s.gateway.script(usage_events(inputTokens=1000, outputTokens=1,
                                      totalTokens=1001 + sum(more.values()), **more))
        return s.used(lambda key: s.chat(unique(), key=key)).usd

    plain = cost()
    read = cost(cacheReadInputTokens=1000) - plain
    write = cost(cacheWriteInputTokens=1000) - plain
    expect(0 < read < plain, f"1,000 tokens read from the cache cost {read} USD, as input {plain}")
    expect(write >= plain * 0.9, f"1,000 tokens written to the cache cost {write} USD, as input {plain}")


@complaint("C19")
def one_call_is_one_booking(s):
    reply = []
    used = s.used(lambda key: reply.append(s.chat(unique(), key=key)))
    told = reply[0].json["usage"]
    expect((used.calls, used.input_tokens, used.output_tokens)
           == (1, told["prompt_tokens"], told["completion_tokens"]),
           f"booked {used}; the client was told {told}")


@complaint("C20")
def an_idempotency_key_asks_once(s):
    ask = {"text": unique(), "headers": {"idempotency-key": secrets.token_hex(8)}}
    first, second = s.chat(**ask), s.chat(**ask)
    expect(first.status == 200 and first.text == second.text, "the same key got another answer")
    expect(len(s.gateway.upstream()) == 1, f"{len(s.gateway.upstream())} upstream calls")


@complaint("C21")
def a_cache_hit_costs_nothing(s):
    ask = {"text": unique(), "temperature": 0}
    s.used(lambda key: s.chat(key=key, **ask))
    hit = s.used(lambda key: s.chat(key=key, **ask))
    expect(len(s.gateway.upstream()) == 2 or hit.usd == 0, f"a cache hit was booked as {hit}")


@complaint("C22")
def no_field_is_missing_in_the_cache_key(s):
    text = unique()
    for index, more in enumerate((
        {}, {"max_completion_tokens": 5}, {"stop": ["two"]}, {"top_p": 0.5}, {"tools": TOOLS},
        {"tools": TOOLS, "tool_choice": "none"}, {"response_format": {"type": "json_object"}},
        {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": text}]},
        {"messages": [{"role": "user", "content": text + " "}]},
    ), 1):
        s.chat(**{"text": text, "temperature": 0, **more})
        expect(len(s.gateway.upstream()) == index, f"answered from the cache: {more}")


@complaint("C23")
def tenants_share_no_cache(s):
    text = unique()
    for key in (s.key, s.other.key):
        s.chat(text, key=key, temperature=0)
    expect(len(s.gateway.upstream()) == 2, "one tenant got what another had asked")


@complaint("C24")
def errors_are_not_kept(s):
    text = unique()
    s.gateway.fault("status", status=500)
    expect(s.chat(text, temperature=0).status >= 500, "a failing model was answered 200")
    s.gateway.reset()
    expect(s.chat(text, temperature=0).status == 200, "the failure was kept")


@complaint("C25")
def a_cached_stream_is_a_stream(s):
    ask = {"text": unique() + " " + "word " * 40, "temperature": 0, "max_completion_tokens": 100}
    buffered = s.chat(**ask)
    hit = s.stream(**ask)
    expect(hit.said() == buffered.message["content"] and hit.ended, "a hit is another answer")
    ask = {"text": unique(), "temperature": 0, "tools": TOOLS, "tool_choice": "required"}
    first, second = s.stream(**ask), s.stream(**ask)
    expect(len(s.gateway.upstream()) in (2, 4), "upstream was called oddly")
    expect(calls_of(first) == calls_of(second) != [], f"{calls_of(first)} became {calls_of(second)}")


def calls_of(reply):
    """The tool calls of a stream, put together: name and arguments."""
    calls = {}
    for chunk in reply.chunks:
        for choice in chunk["choices"]:
            for call in choice["delta"].get("tool_calls") or []:
                name, arguments = calls.get(call["index"], ("", ""))
                function = call["function"]
                calls[call["index"]] = (
                    name + (function.get("name") or ""), arguments + (function.get("arguments") or ""))
    return [calls[index] for index in sorted(calls)]


@complaint("C27")
def guards_hold_on_streams_too(s):
    if not s.gateway.refused_text:
        raise NotTested("the adapter names no text that is refused")
    for reply in (s.chat(s.gateway.refused_text), s.stream(s.gateway.refused_text)):
        expect(reply.status in (400, 403), f"a text that is refused was answered {reply.status}")
    expect(not s.gateway.upstream(), "the model was asked")


@complaint("C28")
def a_tool_call_without_text_passes_the_guards(s):
    ask = {"tools": TOOLS, "tool_choice": "required"}
    expect(s.chat(unique(), **ask).message["tool_calls"], "no tool call")
    expect(calls_of(s.stream(unique(), **ask)), "no tool call in the stream")


@complaint("C30")
def tool_calls_are_numbered_from_zero(s):
    def tool(block, name):
        yield {"contentBlockStart": {"contentBlockIndex": block, "start": {
            "toolUse": {"toolUseId": f"call_{block}", "name": name}}}}
        yield {"contentBlockDelta": {"contentBlockIndex": block, "delta": {
            "toolUse": {"input": '{"zone":"CET"}'}}}}
        yield {"contentBlockStop": {"contentBlockIndex": block}}

    s.gateway.script([
        {"messageStart": {"role": "assistant"}},
        {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "One moment."}}},
        {"contentBlockStop": {"contentBlockIndex": 0}},
        *tool(3, "get_time"), *tool(7, "get_time"),
        {"messageStop": {"stopReason": "tool_use"}},
        {"metadata": {"usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2},
                      "metrics": {"latencyMs": 1}}}])
    reply = s.stream(unique(), tools=TOOLS)
    indexes = [call["index"] for chunk in reply.chunks for choice in chunk["choices"]
               for call in choice["delta"].get("tool_calls") or []]
    expect(sorted(set(indexes)) == [0, 1] and indexes == sorted(indexes), f"indexes are {indexes}")
    expect(calls_of(reply) == [("get_time", '{"zone":"CET"}')] * 2, f"calls are {calls_of(reply)}")


@complaint("C31")
def an_answer_cut_upstream_is_a_failure(s):
    s.gateway.fault("cut", afterEvents=4)
    expect(s.stream(WORDS).failed, "a stream that was cut ends as if it were whole")
    expect(s.chat(WORDS).status >= 500, "an answer that was cut is answered 200")


@complaint("C32")
def an_exception_within_the_stream_is_a_failure(s):
    s.gateway.fault("exceptionFrame", afterEvents=4)
    expect(s.stream(WORDS).failed, "a stream that broke ends as if it were whole")
    s.gateway.reset()
    s.gateway.fault("exceptionFrame", afterEvents=0)
    status = s.stream(WORDS).status
    expect(status >= 400, f"a stream that broke before its first word was answered {status}")


@complaint("C33", slow=True)
def a_stream_that_stalls_ends(s):
    s.gateway.fault("stallAfter", afterEvents=4)
    start = time.monotonic()
    failed = s.stream(WORDS).failed
    expect(failed and time.monotonic() - start < 80, "a stream that stalls does not end, or ends well")


@complaint("C34")
def retries_do_not_multiply(s):
    s.gateway.fault("status", status=503)
    s.chat(WORDS)
    attempts = len(s.gateway.upstream())
    expect(attempts <= s.gateway.most_attempts,
           f"{attempts} upstream attempts for one call, {s.gateway.most_attempts} configured")


@complaint("C35")
def a_refusal_says_when_to_come_back(s):
    s.at_once(10, s.ten.key)
    reply = s.chat(key=s.ten.key)
    expect(reply.status == 429, f"a full minute was answered {reply.status}")
    wait = reply.headers.get("retry-after", "")
    expect(wait.isdigit() and int(wait) > 0, f"retry-after is {wait!r}")
    for name in ("limit", "remaining", "reset"):
        expect(f"x-ratelimit-{name}-requests" in reply.headers, f"no x-ratelimit-{name}-requests")


@complaint("C36")
def upstream_errors_keep_their_kind(s):
    for upstream, allowed in ((429, {429}), (400, {400}), (503, {502, 503})):
        s.gateway.reset()
        s.gateway.fault("status", status=upstream)
        status = s.chat(WORDS).status
        expect(status in allowed, f"{upstream} of the model was answered {status}")


@complaint("C39")
def embeddings_come_in_base64(s):
    replies = [
        s.wire.ask("/embeddings", {"model": s.gateway.embedding_model, "input": "Hello.", **more}, s.key)
        for more in ({"encoding_format": "float"}, {"encoding_format": "base64"})]
    if not s.gateway.embedding_model or replies[0].status == 404:
        raise NotOffered("there are no embeddings, or the adapter names no model of them")
    floats, packed = (reply.json["data"][0]["embedding"] for reply in replies)
    data = base64.b64decode(packed)
    unpacked = struct.unpack(f"<{len(data) // 4}f", data)
    expect(all(abs(a - b) < 1e-6 for a, b in zip(floats, unpacked, strict=True)),
           "base64 and floats are not the same vector")


@complaint("C40")
def no_prompt_and_no_key_in_the_logs(s):
    marker = "marker" + secrets.token_hex(12)
    s.chat(marker)
    s.stream(marker)
    s.gateway.fault("status", status=500)
    s.chat(marker)
    logs = s.gateway.logs()
    expect(logs, "there are no logs")
    expect(marker not in logs, "the prompt is in the logs")
    expect(s.key not in logs, "the key is in the logs")


@complaint("C42")
def one_tenant_does_not_use_up_anothers_limits(s):
    s.at_once(10, s.ten.key)
    expect(s.chat(key=s.ten.key).status == 429, "the limit of ten calls does not hold")
    expect(s.chat(key=s.other.key).status == 200, "another tenant is refused with it")


@complaint("C43")
def the_first_word_comes_before_the_last(s):
    s.gateway.pace(20)
    reply = s.stream("word " * 30, max_completion_tokens=60)
    times = [second for second, _ in reply.events]
    expect(reply.ended and times[-1] > 1, f"the model was not slow: {times[-1:]} s")
    expect(times[0] < times[-1] / 2, f"first event after {times[0]:.2f} s of {times[-1]:.2f}")


@complaint("C45")
def a_burst_breaks_nothing(s):
    statuses = {reply.status for reply in s.burst}
    expect(statuses <= {200, 429}, f"forty calls at once were answered {sorted(statuses)}")


@complaint("C46")
def the_same_conversation_is_the_same_bytes(s):
    text = unique()
    for _ in range(2):
        s.chat(text, tools=TOOLS, headers={"cache-control": "no-store"})
    sent = s.gateway.upstream()
    expect(len(sent) == 2 and sent[0] == sent[1], "the same request went upstream in other bytes")


def run(suite, slow, only):
    """Tries every complaint in turn; gives number, outcome, reason and whether the adapter is short
    of what the case needs."""
    for number in [f"C{index}" for index in range(1, 48)]:
        if only and number not in only:
            continue
        if number in UNSEEN:
            yield number, "not tested", UNSEEN[number], False
            continue
        case, is_slow = CASES[number]
        if is_slow and not slow:
            yield number, "not tested", "takes most of a minute: --slow", False
            continue
        try:
            suite.gateway.reset()
            case(suite)
            yield number, "pass", "", False
        except NotTested as e:
            yield number, "not tested", str(e), not isinstance(e, NotOffered)
        except AssertionError as e:
            yield number, "FAIL", str(e), False
        except Exception as e:  # A gateway may answer anything: that is a failure too.
            yield number, "FAIL", f"{type(e).__name__}: {e}", False
        finally:
            suite.gateway.reset()
