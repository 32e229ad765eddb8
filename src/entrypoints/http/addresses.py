"""Where a request came from."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any


def address_of(scope: Mapping[str, Any]) -> str:
    """Return who is at the other end of the connection; of IPv6 the network, since one customer is given a whole one.

    Headers that say somebody else was there before are not believed: anybody can write them.
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
