"""Codes of six digits, made and checked by pyotp."""

from __future__ import annotations

import base64
import hmac
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyotp import TOTP

_SECONDS = 30


class PyotpOneTimeCodes:
    """Checks the code of now and those of one step before and after, for clocks that are a little off."""

    def step_of(self, secret: bytes, code: str, now: datetime) -> int | None:
        totp, current = self._totp(secret), int(now.timestamp()) // _SECONDS
        given = code.strip().encode("utf-8", "replace")
        near = (current, current - 1, current + 1)
        # pyotp's own check does not tell which step it was, and ends at the first that fits.
        fits = [hmac.compare_digest(totp.generate_otp(step).encode(), given) for step in near]
        return next((step for step, does in zip(near, fits, strict=True) if does), None)

    def address(self, secret: bytes, holder: str, service: str) -> str:
        return self._totp(secret).provisioning_uri(name=holder, issuer_name=service)

    def text(self, secret: bytes) -> str:
        return base64.b32encode(secret).decode().rstrip("=")

    def _totp(self, secret: bytes) -> TOTP:
        from pyotp import TOTP  # noqa: PLC0415 - for the few who have an app

        return TOTP(self.text(secret), interval=_SECONDS)
