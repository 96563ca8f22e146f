"""For Weir: bin/weir, and the cables of the local stack where it is that."""

import csv
import io
import json
import os
import pathlib
import secrets
import subprocess
import urllib.error
import urllib.request

from suite.adapters import Gateway, NotTested, Tenant, Usage

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = "local.scripted"


class Adapter(Gateway):
    refused_text = "a" * 5000
    embedding_model = "hash-embedding"

    def __init__(self, base_url, model):
        super().__init__(base_url, model)
        self.root = base_url.rstrip("/").removesuffix("/v1")
        # Where make run says how bin/weir finds its tables; of a deployed stack the caller does.
        local = ROOT / "target/local/aws"
        told = "TENANTS_TABLE" in os.environ or not local.exists()
        self.environment = {**os.environ, **({} if told else dict(
            line.split("=", 1) for line in local.read_text().split()))}
        self.ids = {}

    def weir(self, *words):
        ran = subprocess.run([ROOT / "bin/weir", *words], cwd=ROOT, env=self.environment, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if ran.returncode:
            raise ValueError(ran.stderr.strip())
        return ran.stdout

    def tenant(self, requests_per_minute=None, tokens_per_minute=None, day_budget_usd=None):
        limits = {"rpm": requests_per_minute, "tpm": tokens_per_minute,
                  "day": None if day_budget_usd is None else round(day_budget_usd * 1e6)}
        name = "suite-" + secrets.token_hex(4)
        self.weir("tenant", "create", name,
                  *(f"--{limit}={value}" for limit, value in limits.items() if value is not None))
        return Tenant(name, self.issue("issue", name))

    def issue(self, *words):
        id_, key = self.weir("key", *words).split()[:2]
        self.ids[key] = id_
        return key

    def key(self, tenant):
        return self.issue("issue", tenant.name)

    def rotate(self, tenant):
        return Tenant(tenant.name, self.issue("rotate", tenant.name, self.ids[tenant.key]))

    def revoke(self, tenant, key):
        self.weir("key", "revoke", tenant.name, self.ids[key])

    def usage(self, tenant):
        rows = list(csv.DictReader(io.StringIO(self.weir("usage", tenant.name, "--format=CSV"))))
        return Usage(*(sum(kind(row[name]) for row in rows) for name, kind in (
            ("calls", int), ("input", int), ("output", int), ("USD", float))))

    def logs(self):
        folder = ROOT / "target/local/logs"
        if not folder.exists():
            raise NotTested("only the local stack's logs can be read")
        return "".join(file.read_text(errors="replace") for file in folder.glob("*Function.log"))

    def control(self, method, path, body=None):
        request = urllib.request.Request(
            f"{self.root}/_local/bedrock/{path}", None if body is None else json.dumps(body).encode(),
            method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return json.loads(reply.read() or b"null")
        except urllib.error.HTTPError as e:
            raise NotTested("only the local stack's models go wrong on demand") from e

    def reset(self):
        try:
            for path in ("faults", f"scripts/{TARGET}", "calls"):
                self.control("DELETE", path)
            self.control("POST", "pace", {"tokensPerSecond": 0})
        except NotTested:
            pass  # A deployed stack: there is nothing to take back.

    def fault(self, kind, **details):
        self.control("POST", "faults", {"model": TARGET, "kind": kind, "times": 0, **details})

    def script(self, events):
        self.control("PUT", f"scripts/{TARGET}", events)

    def pace(self, tokens_per_second):
        self.control("POST", "pace", {"tokensPerSecond": tokens_per_second})

    def upstream(self):
        return [call["bodySha256"] for call in self.control("GET", "calls")["requests"]]
