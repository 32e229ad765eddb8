"""How large a request may be before anything of it is understood, and for which host it has to be meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...domain.shared.errors import Reason
from .errors import AddressTooLong, HeadTooLarge, Malformed

# Whoever balances load asks by the number of a machine whether it is well, and gets nothing else.
_FOR_ANY_HOST = frozenset({"/health/live", "/health/ready"})


@dataclass(frozen=True)
class Bounds:
    """How large the parts of a head may be, in bytes, and how many there may be of them."""

    address: int = 8192
    """Path and query together; RFC 9110, 4.1, asks for 8,000 at least."""
    headers: int = 100
    head: int = 32 * 1024
    """Names and values of all headers together."""
    parameters: int = 100
    """Of the query."""

    def demand(self, scope: Mapping[str, Any]) -> None:
        """Return for a request within the bounds; raise AddressTooLong, HeadTooLarge or Malformed otherwise."""
        query: bytes = scope["query_string"]
        if len(scope.get("raw_path") or scope["path"]) + len(query) > self.address:
            raise AddressTooLong(Reason("request.address_too_long", {"at_most": self.address}))
        headers = scope["headers"]
        if len(headers) > self.headers:
            raise HeadTooLarge(Reason("request.too_many_headers", {"at_most": self.headers}))
        if sum(len(name) + len(value) for name, value in headers) > self.head:
            raise HeadTooLarge(Reason("request.head_too_large", {"at_most": self.head}))
        if query.count(b"&") >= self.parameters:
            raise Malformed(Reason("request.too_many_parameters", {"at_most": self.parameters}, "query"))


class Hosts:
    """The names under which the server may be asked; none at all stands for any.

    They are compared whole: no patterns, and no header but Host is looked at (what a proxy, or whoever wants to pass
    for one, writes into X-Forwarded-Host counts for nothing).
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._allowed = frozenset(name.casefold() for name in allowed)

    def demand(self, scope: Mapping[str, Any]) -> None:
        """Return for a request that is meant for us; raise Malformed otherwise, and where it names several hosts."""
        given = [value for name, value in scope["headers"] if name == b"host"]
        if len(given) > 1:  # RFC 9112, 3.2: two of them are how a request is smuggled past somebody
            raise Malformed(Reason("request.several_hosts", {}, "Host"))
        if not self._allowed or scope["path"] in _FOR_ANY_HOST:
            return
        if not given or _name_in(given[0].decode("latin-1")) not in self._allowed:
            raise Malformed(Reason("request.other_host", {}, "Host"))


def _name_in(host: str) -> str:
    """Return the name without its port; a number of IPv6 keeps its brackets."""
    name, colon, port = host.rpartition(":")
    return (name if colon and (port.isascii() and port.isdigit()) else host).casefold()
