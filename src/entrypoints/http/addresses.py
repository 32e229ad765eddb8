"""Where a request came from."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Header = Literal["x-forwarded-for", "forwarded"]

_LONGEST = 2000


def address_of(scope: Mapping[str, Any]) -> str:
    """Return who is at the other end of the connection; of IPv6 the network, since one customer is given a whole one.

    Behind a proxy that is trusted, ``Proxies`` has put there whom the proxy speaks for. Headers of anybody else that
    say somebody was there before are not believed: anybody can write them.
    """
    client: Any = scope.get("client")
    host = str(client[0]).partition("%")[0] if client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return host
    mapped = address.ipv4_mapped
    return str(mapped or ipaddress.ip_network((address, 64), strict=False))


@dataclass(frozen=True)
class Proxies:
    """The proxies that are believed, by their networks, and the one header in which they say whom they speak for.

    Only one header is read: a proxy that writes the one leaves the other as the client has sent it.
    """

    networks: tuple[Network, ...] = ()
    header: Header = "x-forwarded-for"

    @classmethod
    def named(cls, networks: Iterable[str], header: Header = "x-forwarded-for") -> Proxies:
        """Return the proxies of these networks, such as 10.0.0.0/8; raise ValueError for what is none."""
        return cls(tuple(ipaddress.ip_network(one) for one in networks), header)

    def client_of(self, scope: Mapping[str, Any]) -> tuple[str, int] | None:
        """Return who asks: the last one that the header names and that is no proxy of ours.

        The list is read from its end, where our own proxies have written; what stands before the first stranger is the
        stranger's word. Where an entry is no address, the proxy that wrote it is the one who asks.
        """
        client: tuple[str, int] | None = scope.get("client")
        if not self.networks or client is None or not self._trusts(_address(str(client[0]))):
            return client
        found = client
        for entry in reversed([*self._entries(scope)]):
            address = _address(entry)
            if address is None:
                break
            found = (str(address), 0)
            if not self._trusts(address):
                break
        return found

    def _trusts(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self.networks)

    def _entries(self, scope: Mapping[str, Any]) -> Iterator[str]:
        wanted = self.header.encode()
        told = ",".join(value.decode("latin-1") for name, value in scope["headers"] if name == wanted)
        if len(told) > _LONGEST:
            told = ""
        if self.header == "x-forwarded-for":
            yield from told.split(",") if told else ()
        else:
            yield from map(_named_for, _parts(told, ","))


def _named_for(element: str) -> str:
    """Return whom an element of Forwarded is for (RFC 7239, 5.2); blank where it does not say."""
    for pair in _parts(element, ";"):
        name, _, value = pair.partition("=")
        if name.strip().casefold() == "for":
            return value.strip().strip('"')
    return ""


def _parts(text: str, separator: str) -> list[str]:
    """Return the parts of the text between separators that stand outside quotes; none where a quote is left open, which
    is how somebody would hide what a proxy has put behind it."""
    parts, quoted, escaped = [""], False, False
    for sign in text:
        if sign == separator and not quoted:
            parts.append("")
            continue
        parts[-1] += sign
        if escaped:
            escaped = False
        elif sign == '"':
            quoted = not quoted
        else:
            escaped = quoted and sign == "\\"
    return [] if quoted else parts


def _address(entry: str) -> Address | None:
    """Return the address in the entry, without its port; None where there is none."""
    text = entry.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
