"""API keys: how programs of other teams ask, each for no more than the scopes that it was given.

A key is ``hs_``, its id, ``_``, a secret and a checksum, so that whoever scans texts for secrets finds it and knows it
from a look-alike without asking us. The secret has at least 128 random bits, so its plain SHA-256 can be kept: nobody
finds the one from the other (OWASP ASVS 5.0.0, 11.4.2 asks for slow hashing of what people choose).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Network, ip_network
from typing import NamedTuple
from uuid import UUID

from ..shared.dataclass import dataclass
from ..shared.errors import Invalid, Reason
from ..shared.ids import AccountId, KeyId
from ..shared.texts import text_problems
from .events import KeyMade, KeyRevoked

PREFIX = "hs_"
LONGEST_NAME = 200
MOST_AT_ONCE = 50
"""So many live keys an account may have."""
MOST_NETWORKS = 20
USE_IS_NOTED_EACH = timedelta(minutes=1)
_IPV6_CUSTOMER = 64  # of IPv6 one customer is given a whole /64, so that no smaller one tells anybody apart
_FORM = re.compile(r"hs_([0-9a-f]{32})_([A-Za-z0-9_-]{22,200})([0-9a-f]{8})", re.ASCII)


class KeyScope(StrEnum):
    """What a key may be used for; what its account may do besides, it may not."""

    ACCOUNT_READ = "account:read"
    PROFILE_READ = "profile:read"
    PROFILE_WRITE = "profile:write"
    IMPORTS_READ = "imports:read"
    IMPORTS_WRITE = "imports:write"
    VERDICTS_READ = "verdicts:read"
    VERDICTS_WRITE = "verdicts:write"
    PLANS_READ = "plans:read"
    PLANS_WRITE = "plans:write"
    DOCUMENTS_READ = "documents:read"
    DOCUMENTS_WRITE = "documents:write"
    APPLICATIONS_READ = "applications:read"
    APPLICATIONS_WRITE = "applications:write"
    RULES_READ = "rules:read"
    RULES_WRITE = "rules:write"
    JOBS_READ = "jobs:read"
    JOBS_WRITE = "jobs:write"


class Presented(NamedTuple):
    """A key as somebody sent it: of its form, and perhaps nobody's."""

    id: KeyId
    digest: str


@dataclass(slots=True)
class ApiKey:
    """A key of an account; ``digest`` is the SHA-256 of its whole text in hex, and all that is kept of it.

    ``networks`` are the address ranges that it may be used from, all where there are none; ``used_at`` is rough by a
    minute. ``methods`` are those by which its maker had signed in (``Method``): it counts for no more than they do.
    """

    id: KeyId
    account_id: AccountId
    name: str
    digest: str
    scopes: frozenset[KeyScope]
    made_at: datetime
    made_by: AccountId
    until: datetime | None = None
    networks: tuple[str, ...] = ()
    used_at: datetime | None = None
    revoked_at: datetime | None = None
    version: int = 0
    methods: frozenset[str] = frozenset()

    def is_live(self, now: datetime) -> bool:
        """Whether it has neither been revoked nor come to its end."""
        return self.revoked_at is None and (self.until is None or now < self.until)

    def made(self) -> KeyMade:
        """Return what making this key means to others."""
        return KeyMade(self.id, self.account_id)

    def revoke(self, now: datetime) -> KeyRevoked | None:
        """Let it be good no more; return the event, None where it was revoked before."""
        if self.revoked_at is not None:
            return None
        self.revoked_at = now
        return KeyRevoked(self.id, self.account_id)


def key_text(key_id: KeyId, secret: str) -> str:
    """Return the key as it is shown, once."""
    body = f"{PREFIX}{key_id.hex}_{secret}"
    return body + _checksum(body)


def digest_of_key(text: str) -> str:
    """Return what is kept of the key."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def presented(text: str) -> Presented | None:
    """Return which key the text says it is, None for what is none of ours by its form and checksum alone."""
    found = _FORM.fullmatch(text)
    if found is None or not hmac.compare_digest(_checksum(text[:-8]), found[3]):
        return None
    return Presented(KeyId(UUID(hex=found[1])), digest_of_key(text))


def is_same(digest: str, other: str) -> bool:
    """Whether both are of one key, found in the same time whichever letters differ."""
    return hmac.compare_digest(digest.encode(), other.encode())


def comes_from(networks: Sequence[str], address: str) -> bool:
    """Whether the address, or the network that it stands for, lies in one of the networks; any does where there are
    none."""
    if not networks:
        return True
    try:
        asked = ip_network(address)
    except ValueError:
        return False
    return any(asked.version == one.version and asked.subnet_of(one) for one in map(ip_network, networks))  # type: ignore[arg-type]


def asked_for(
    name: str, scopes: Iterable[str], networks: Iterable[str], until: datetime | None, now: datetime
) -> Asked:
    """Return what a new key is to be, in its kept form; raise Invalid with everything that is wrong with it."""
    reasons = [] if name.strip() else [Reason("data.missing", {}, "name")]
    reasons += text_problems(name, "name", at_most=LONGEST_NAME)
    known = frozenset(one for one in KeyScope if one.value in set(scopes))
    if unknown := sorted(set(scopes) - {one.value for one in known}):
        reasons.append(Reason("key.unknown_scope", {"given": unknown[0][:60]}, "scopes"))
    elif not known:
        reasons.append(Reason("key.no_scope", {}, "scopes"))
    ranges, wrong = _ranges(networks)
    reasons += wrong
    if until is not None and until <= now:
        reasons.append(Reason("key.ends_before_it_begins", {}, "until"))
    if reasons:
        raise Invalid(*reasons)
    return Asked(name.strip(), known, ranges, until)


class Asked(NamedTuple):
    """What a new key is to be."""

    name: str
    scopes: frozenset[KeyScope]
    networks: tuple[str, ...]
    until: datetime | None


def _ranges(given: Iterable[str]) -> tuple[tuple[str, ...], list[Reason]]:
    """Return the ranges in their normal form, and what is wrong with them."""
    found, wrong = [], []
    for at, text in enumerate(given):
        try:
            network = ip_network(text.strip())
        except ValueError:
            wrong.append(Reason("key.no_network", {"given": text[:60]}, f"networks[{at}]"))
            continue
        if isinstance(network, IPv6Network) and network.prefixlen > _IPV6_CUSTOMER:
            wrong.append(Reason("key.network_too_small", {"largest": _IPV6_CUSTOMER}, f"networks[{at}]"))
        found.append(str(network))
    if len(found) > MOST_NETWORKS:
        wrong.append(Reason("key.too_many_networks", {"at_most": MOST_NETWORKS}, "networks"))
    return tuple(dict.fromkeys(found)), wrong


def _checksum(text: str) -> str:
    return f"{zlib.crc32(text.encode('utf-8', 'replace')):08x}"
