"""What signs the seals of the audit trail, with a key that is not in the database."""

from typing import Protocol


class Signatures(Protocol):
    """One key that signs, and all that are accepted."""

    def sign(self, content: bytes) -> tuple[str, bytes]:
        """Return the name of the key and its signature."""
        ...

    def verify(self, key: str, content: bytes, signature: bytes) -> bool | None:
        """Return whether the key of that name has signed the content; None for a key that is not known here."""
        ...
