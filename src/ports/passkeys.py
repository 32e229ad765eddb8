"""Passkeys: keys on a device, of which the server knows the public half (WebAuthn, level 3)."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol, runtime_checkable

from ..domain.shared.errors import DomainError

Json = Mapping[str, Any]


class PasskeyRefused(DomainError):
    """This passkey was not made, or did not sign, as it was asked to."""

    code = "passkey_refused"


class NewPasskey(NamedTuple):
    """A passkey that was just made: its id, its public key (COSE), and how often it says that it has signed."""

    credential: bytes
    public_key: bytes
    counter: int


class Signed(NamedTuple):
    """What a passkey has signed: how often it says that it has, and whether its device was sure of the user."""

    counter: int
    user_verified: bool


@runtime_checkable
class Passkeys(Protocol):
    """Asks devices to make passkeys and to sign with them, and checks what they answer. What is said to a device, and
    what it answers, is JSON of the forms that browsers take and give (``PublicKeyCredential.toJSON``)."""

    async def to_make(self, challenge: bytes, *, user: bytes, name: str, known: Sequence[bytes], service: str) -> Json:
        """Return what a device is asked with to make a passkey for the user (at most 64 bytes, nothing personal).

        ``known`` are the ids of those that the user has already, of which the device makes no second one.
        """
        ...

    async def made(self, answer: Json, challenge: bytes) -> NewPasskey:
        """Return the passkey; raise PasskeyRefused for any answer that is not to this challenge and for us."""
        ...

    async def to_sign(self, challenge: bytes, known: Sequence[bytes], *, sure_of_user: bool) -> Json:
        """Return what a device is asked with to sign: by one of the known passkeys, or any of ours where there is none.

        ``sure_of_user`` asks for a PIN or a finger.
        """
        ...

    def credential_of(self, answer: Json) -> bytes:
        """Return the id of the passkey that the answer says it is from; raise PasskeyRefused where it says none."""
        ...

    async def signed(
        self, answer: Json, challenge: bytes, public_key: bytes, counter: int, *, sure_of_user: bool
    ) -> Signed:
        """Return what was signed; raise PasskeyRefused for another challenge, site, key, or signature.

        It is refused too where the passkey counts and has not counted on since ``counter``, for then there are two of
        it, and where ``sure_of_user`` is asked for and the device was not.
        """
        ...
