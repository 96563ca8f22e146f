"""What the cases need of a gateway besides its OpenAI-compatible API.

An adapter is a module `suite.adapters.NAME` with a class `Adapter` that derives from this one and
overrides what its gateway can do. What it leaves out raises NotTested, and the cases that need it are
reported as not tested, never as passed.
"""

from dataclasses import dataclass


class NotTested(Exception):
    """The case cannot be tried on this gateway; the message says what is missing."""


class NotOffered(NotTested):
    """The gateway does not have what the complaint is about."""


@dataclass(frozen=True)
class Tenant:
    """Whoever has limits, a budget and keys of its own."""

    name: str
    key: str


@dataclass(frozen=True)
class Usage:
    """What the gateway's own books say of a tenant."""

    calls: int
    input_tokens: int
    output_tokens: int
    usd: float

    def __sub__(self, earlier):
        return Usage(*(getattr(self, name) - getattr(earlier, name) for name in vars(self)))


class Gateway:
    """A gateway without anything but its API."""

    # Texts that its guards must refuse, such as a long run of one letter.
    refused_text = None
    # The most attempts upstream that one call may cause where no fallback is configured.
    most_attempts = 1
    # A model of /embeddings, if there is one.
    embedding_model = None

    def __init__(self, base_url, model):
        self.base_url = base_url
        self.model = model

    def tenant(self, requests_per_minute=None, tokens_per_minute=None, day_budget_usd=None):
        """Makes a Tenant with these limits and no others; refuses limits that make no sense."""
        raise NotTested("the adapter makes no tenants")

    def key(self, tenant):
        """Issues another key to a tenant."""
        raise NotTested("the adapter issues no keys")

    def rotate(self, tenant):
        """Replaces the tenant's key; gives the Tenant with the new one."""
        raise NotTested("the adapter rotates no keys")

    def revoke(self, tenant, key):
        """Revokes one key."""
        raise NotTested("the adapter revokes no keys")

    def usage(self, tenant):
        """Gives the tenant's Usage so far."""
        raise NotTested("the adapter reads no usage")

    def logs(self):
        """Gives everything the gateway has logged, as one text."""
        raise NotTested("the adapter reads no logs")

    # The model behind the gateway, which must answer "Scripted answer: " and the last user text.

    def reset(self):
        """Takes back faults, scripts and pace, and counts upstream calls from zero."""

    def fault(self, kind, **details):
        """Lets upstream calls go wrong until reset: status (status=), cut (afterEvents=),
        exceptionFrame (afterEvents=), stallAfter (afterEvents=), empty."""
        raise NotTested("the adapter sets no faults")

    def script(self, events):
        """Lets the model say exactly these events of Bedrock's ConverseStream."""
        raise NotTested("the adapter writes no scripts")

    def pace(self, tokens_per_second):
        """Lets the model speak this slowly."""
        raise NotTested("the adapter sets no pace")

    def upstream(self):
        """The SHA-256 of the body of each upstream call since reset, in their order."""
        raise NotTested("the adapter sees no upstream calls")
