"""Codes of six digits by the standard library."""

import base64
import hmac
from datetime import datetime
from hashlib import sha1
from urllib.parse import quote, urlencode

_SECONDS = 30


class MemoryOneTimeCodes:
    """Makes and checks such codes without third-party packages."""

    def step_of(self, secret: bytes, code: str, now: datetime) -> int | None:
        current = int(now.timestamp()) // _SECONDS
        given = code.strip().encode("utf-8", "replace")
        near = (current, current - 1, current + 1)
        fits = [hmac.compare_digest(code_at(secret, step).encode(), given) for step in near]
        return next((step for step, does in zip(near, fits, strict=True) if does), None)

    def address(self, secret: bytes, holder: str, service: str) -> str:
        said = urlencode({"secret": self.text(secret), "issuer": service}, quote_via=quote)
        return f"otpauth://totp/{quote(service)}:{quote(holder)}?{said}"

    def text(self, secret: bytes) -> str:
        return base64.b32encode(secret).decode().rstrip("=")


def code_at(secret: bytes, step: int) -> str:
    """Return the code of the step (RFC 4226, 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), sha1)
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"
