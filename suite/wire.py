"""HTTP as a client sees it, with the standard library alone."""

import http.client
import json
import time
import urllib.parse
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Reply:
    """What came back; of a stream each event's data with the second at which it came."""

    status: int
    headers: dict
    text: str
    events: list = field(default_factory=list)
    seconds: float = 0.0

    @property
    def json(self):
        return json.loads(self.text)

    @property
    def message(self):
        return self.json["choices"][0]["message"]

    @property
    def chunks(self):
        return [json.loads(data) for _, data in self.events if data != "[DONE]"]

    @property
    def ended(self):
        """Whether a stream ended as a whole answer does."""
        return bool(self.events) and self.events[-1][1] == "[DONE]"

    @property
    def failed(self):
        """Whether the client is told of a failure: by status, or by an event of a stream."""
        return self.status >= 400 or not self.ended or any("error" in chunk for chunk in self.chunks)

    def said(self, part="content"):
        """The text of a stream, put together."""
        return "".join(choice["delta"].get(part) or ""
                       for chunk in self.chunks for choice in chunk.get("choices", ()))


class Wire:
    """Asks one gateway."""

    def __init__(self, base_url, seconds=90):
        self.base = urllib.parse.urlsplit(base_url.rstrip("/"))
        self.seconds = seconds

    def ask(self, path, body=None, key=None, headers=(), leave_after=None):
        """Sends one request; leave_after closes the connection after that many events."""
        kind = {"https": http.client.HTTPSConnection, "http": http.client.HTTPConnection}
        connection = kind[self.base.scheme](self.base.hostname, self.base.port, timeout=self.seconds)
        start = time.monotonic()
        try:
            connection.request(
                "GET" if body is None else "POST", self.base.path + path,
                None if body is None else json.dumps(body),
                {"content-type": "application/json", **({"authorization": f"Bearer {key}"} if key else {}),
                 **dict(headers)})
            reply = connection.getresponse()
            head = {name.lower(): value for name, value in reply.getheaders()}
            events, text = [], ""
            if head.get("content-type", "").startswith("text/event-stream"):
                try:
                    for line in reply:
                        if line.startswith(b"data: "):
                            events.append((time.monotonic() - start, line[6:].decode().strip()))
                        if leave_after is not None and len(events) >= leave_after:
                            break
                except (http.client.HTTPException, ConnectionError):
                    pass  # Cut on the way: there is no [DONE], which is what failed tells.
            else:
                text = reply.read().decode()
            return Reply(reply.status, head, text, events, time.monotonic() - start)
        finally:
            connection.close()
