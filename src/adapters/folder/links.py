"""Links that open one file until a moment, signed so that nobody can make or change one."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from ...domain.shared.errors import NotFound, Reason

_SIGNATURE = 32


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """What a link opens, and under which name and type it is sent."""

    sha256: str
    file_name: str
    content_type: str


class Links:
    """Makes and opens links with one secret key."""

    def __init__(self, key: bytes) -> None:
        if len(key) < _SIGNATURE:
            raise ValueError("the key of signed links needs at least 32 bytes")
        self._key = key

    def token(self, opened: OpenedLink, until: datetime) -> str:
        """Return the text that opens the file until the moment."""
        said = msgspec.json.encode((opened.sha256, opened.file_name, opened.content_type, int(until.timestamp())))
        return base64.urlsafe_b64encode(self._sign(said) + said).rstrip(b"=").decode()

    def open(self, token: str, now: datetime) -> OpenedLink:
        """Return what the link opens; raise NotFound when it is not ours or has ended, without saying which."""
        try:
            whole = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        except ValueError:
            raise NotFound(Reason("file.link_not_valid")) from None
        signature, said = whole[:_SIGNATURE], whole[_SIGNATURE:]
        if not hmac.compare_digest(signature, self._sign(said)):
            raise NotFound(Reason("file.link_not_valid"))
        sha256, file_name, content_type, until = msgspec.json.decode(said, type=tuple[str, str, str, int])
        if now > datetime.fromtimestamp(until, UTC):
            raise NotFound(Reason("file.link_not_valid"))
        return OpenedLink(sha256, file_name, content_type)

    def _sign(self, said: bytes) -> bytes:
        return hmac.digest(self._key, b"higherstudy file link\0" + said, hashlib.sha256)
