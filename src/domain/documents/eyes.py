"""Which papers two different people have to verify."""

from __future__ import annotations

from ..shared.dataclass import dataclass

ALL = "all"
"""The word that stands for every kind."""


@dataclass(frozen=True, slots=True)
class KindsByTwo:
    """The kinds of papers that count as verified only when two people have done so, by their codes; or all of them."""

    codes: frozenset[str] = frozenset()

    def has(self, kind: str) -> bool:
        """Whether papers of the kind are verified by two."""
        return ALL in self.codes or kind in self.codes
