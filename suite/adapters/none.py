"""For a gateway of which nothing is known but its API."""

from suite.adapters import Gateway


class Adapter(Gateway):
    pass
