"""Codes of six digits that an app makes from a secret and the time (TOTP, RFC 6238)."""

from datetime import datetime
from typing import Protocol, runtime_checkable


@runtime_checkable
class OneTimeCodes(Protocol):
    """Checks such codes: SHA-1, six digits, another each 30 seconds, as every app makes them."""

    def step_of(self, secret: bytes, code: str, now: datetime) -> int | None:
        """Return the step of time that the code belongs to: that of now, or the one before or after it.

        None for any other text. A step is counted in 30 seconds from 1970 on. The comparison takes as long for any
        code.
        """
        ...

    def address(self, secret: bytes, holder: str, service: str) -> str:
        """Return the address (otpauth://) that an app takes the secret from, as a picture or a link."""
        ...

    def text(self, secret: bytes) -> str:
        """Return the secret as it is typed into an app that takes no picture: base 32 without padding."""
        ...
