"""Links to files that end: signed, since a WebDAV server knows no way to open one file to somebody for a while."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from higherstudy.domain.shared.errors import NotFound, Reason

_SEALED = b"higherstudy-webdav-files link\0"


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """What a link opens."""

    sha256: str
    file_name: str
    content_type: str


class Links:
    """Signs links with one secret of at least 32 bytes, the same in every process."""

    def __init__(self, key: bytes) -> None:
        if len(key) < 32:
            raise ValueError("a link needs a key of at least 32 bytes")
        self._key = key

    def token(self, opened: OpenedLink, until: datetime) -> str:
        """Return a text for an address that opens the file until that moment."""
        said = json.dumps([opened.sha256, opened.file_name, opened.content_type, until.timestamp()]).encode()
        return _text(self._seal(said) + said)

    def open(self, token: str, now: datetime) -> OpenedLink:
        """Return what the text opens; raise NotFound when it is not ours, was changed, or has ended."""
        try:
            whole = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        except ValueError:
            raise NotFound(Reason("file.link_not_valid")) from None
        seal, said = whole[:32], whole[32:]
        if _text(whole) != token or not hmac.compare_digest(seal, self._seal(said)):
            raise NotFound(Reason("file.link_not_valid"))
        sha256, file_name, content_type, until = json.loads(said)
        if now > datetime.fromtimestamp(until, UTC):
            raise NotFound(Reason("file.link_not_valid"))
        return OpenedLink(sha256, file_name, content_type)

    def _seal(self, said: bytes) -> bytes:
        return hmac.digest(self._key, _SEALED + said, hashlib.sha256)


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
