"""Which passwords are guessed first."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class CommonPasswords(Protocol):
    """A list of common and breached passwords, words and names."""

    def has(self, folded: str) -> bool:
        """Return whether the text, folded as ``domain.identity.password.folded`` does, is on the list.

        It may say so by mistake of one in a million texts that are not, and of no text that is says that it is not.
        """
        ...
