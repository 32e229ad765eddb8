"""Common passwords in memory."""

from collections.abc import Iterable

from ...domain.identity.password import folded


class MemoryCommonPasswords:
    """The few that it is given."""

    def __init__(self, words: Iterable[str] = ("password", "qwertyuiop", "iloveyou")) -> None:
        self._words = frozenset(map(folded, words))

    def has(self, folded: str) -> bool:
        return folded in self._words
