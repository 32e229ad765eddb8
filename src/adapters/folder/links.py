"""Links that open one file until a moment, signed so that nobody can make or change one."""

from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from ...domain.shared.errors import NotFound, Reason
from .signing import Signer


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """What a link opens, and under which name and type it is sent."""

    sha256: str
    file_name: str
    content_type: str


class Links:
    """Makes and opens links with one secret key."""

    def __init__(self, key: bytes) -> None:
        self._signer = Signer(key, b"higherstudy file link")

    def token(self, opened: OpenedLink, until: datetime) -> str:
        """Return the text that opens the file until the moment."""
        said = (opened.sha256, opened.file_name, opened.content_type, int(until.timestamp()))
        return self._signer.token(msgspec.json.encode(said))

    def open(self, token: str, now: datetime) -> OpenedLink:
        """Return what the link opens; raise NotFound when it is not ours or has ended, without saying which."""
        said = msgspec.json.decode(self._signer.open(token), type=tuple[str, str, str, int])
        sha256, file_name, content_type, until = said
        if now > datetime.fromtimestamp(until, UTC):
            raise NotFound(Reason("file.link_not_valid"))
        return OpenedLink(sha256, file_name, content_type)
