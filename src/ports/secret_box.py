"""What keeps small secrets that have to be read again, such as those from which codes are made."""

from typing import Protocol, runtime_checkable

from ..domain.shared.errors import DomainError


class BoxNotOpened(DomainError):
    """This was sealed with another key, for something else, or was changed."""

    code = "box_not_opened"


@runtime_checkable
class SecretBox(Protocol):
    """Seals bytes so that only who has the key reads them, and only as what they were sealed for."""

    def seal(self, secret: bytes, about: bytes) -> bytes:
        """Return the secret sealed; ``about`` says what it belongs to, and has to be said again to open it."""
        ...

    def open(self, sealed: bytes, about: bytes) -> bytes:
        """Return the secret, whichever known key sealed it; raise BoxNotOpened for what was not sealed here about this,
        whatever it is."""
        ...

    def is_outdated(self, sealed: bytes, about: bytes) -> bool:
        """Return whether it was sealed by an earlier key than the one that seals now; raise as ``open`` does."""
        ...
