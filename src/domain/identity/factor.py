"""Second factors, the codes for when they are lost, and by which methods somebody has shown who she is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from ..shared.dataclass import dataclass
from ..shared.errors import Invalid, Reason
from ..shared.ids import AccountId, FactorId

LONGEST_LABEL = 100
MOST_FACTORS = 20
RECOVERY_CODES = 10
_GROUPS, _GROUP = 6, 4
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no letter that is taken for a digit
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


class Method(StrEnum):
    """How somebody has shown who she is; where RFC 8176 has a word for it, by that word."""

    PASSWORD = "pwd"  # noqa: S105 - a word, no secret
    TOTP = "otp"
    PASSKEY = "pop"
    USER_VERIFIED = "user"
    """The passkey's device has made sure of her itself, by a PIN or a finger."""
    RECOVERY = "recovery"
    FEDERATED = "fed"
    """Another provider says so."""
    MULTI_FACTOR = "mfa"
    """That provider says that it has asked for two factors, and those who run this server take its word."""


_SECOND = frozenset({Method.TOTP, Method.PASSKEY, Method.RECOVERY})


def are_two_factors(methods: Iterable[str]) -> bool:
    """Whether these are two factors: one of each kind, a passkey whose device was sure of its user, or two by the word
    of a provider that is trusted in this."""
    shown = frozenset(methods)
    alone = {Method.PASSKEY, Method.USER_VERIFIED} <= shown or are_two_elsewhere(shown)
    return alone or bool(shown & {Method.PASSWORD, Method.FEDERATED} and shown & _SECOND)


def are_two_elsewhere(methods: Iterable[str]) -> bool:
    """Whether these are two factors by the word of a provider, so that none of the account's own need be shown."""
    return {Method.FEDERATED, Method.MULTI_FACTOR} <= frozenset(methods)


class FactorKind(StrEnum):
    """What a second factor is."""

    TOTP = "totp"
    """An app that shows six digits, others every half minute (RFC 6238)."""
    PASSKEY = "passkey"


@dataclass(slots=True)
class Factor:
    """One second factor of an account; it counts once it is confirmed.

    Of an app, ``secret`` is what it makes its codes from, sealed, and ``counter`` the last step of which a code was
    used. Of a passkey, ``secret`` is its public key (COSE), ``credential`` its id, ``counter`` its sign count.
    """

    id: FactorId
    account_id: AccountId
    kind: FactorKind
    label: str
    secret: bytes
    made_at: datetime
    confirmed_at: datetime | None = None
    used_at: datetime | None = None
    credential: bytes | None = None
    counter: int = 0
    version: int = 0

    def use(self, counter: int, now: datetime) -> None:
        """Note that it was shown."""
        self.counter, self.used_at = counter, now


@dataclass(slots=True)
class RecoveryCodes:
    """The codes that an account has left, as what they are found by; they are made as a set, and each is good once."""

    account_id: AccountId
    digests: frozenset[str]
    made_at: datetime
    version: int = 0

    def use(self, code: str) -> bool:
        """Let the code be good no more; return whether it was one."""
        digest = digest_of_code(self.account_id, code)
        was_good = digest in self.digests
        self.digests -= {digest}
        return was_good


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody answers with when she is asked for a second factor; one of these."""

    code: str | None = None
    recovery_code: str | None = None
    passkey: Mapping[str, Any] | None = None

    def demand_one(self, *, beside: bool = False) -> None:
        """Raise Invalid unless it is exactly one answer; ``beside`` says that there is another one besides."""
        if sum(one is not None for one in (self.code, self.recovery_code, self.passkey)) + beside != 1:
            raise Invalid(Reason("factor.one_answer", {}, "code"))


def recovery_code_of(secret: str) -> str:
    """Return a code of 120 bits made from an unguessable text, in six groups of four letters and digits."""
    number = int.from_bytes(hashlib.sha256(f"recovery code:{secret}".encode()).digest()[:15], "big")
    signs = "".join(_LETTERS[number >> 5 * at & 31] for at in range(_GROUPS * _GROUP))
    return "-".join(signs[at : at + _GROUP] for at in range(0, len(signs), _GROUP))


def digest_of_code(account_id: AccountId, code: str) -> str:
    """Return by what a recovery code is found, however it was typed. It is long enough to need no slower hash."""
    typed = code.upper().translate(_MISREAD)
    return hashlib.sha256(f"{account_id}:{typed}".encode("utf-8", "replace")).hexdigest()


def totp_secret_of(secret: str) -> bytes:
    """Return 160 bits for an app to make codes from (RFC 4226, 4), made from an unguessable text."""
    return hashlib.sha256(f"totp secret:{secret}".encode()).digest()[:20]
