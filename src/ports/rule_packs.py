"""Where rule packs come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from ..domain.rulebook.pack import Rulebook


@runtime_checkable
class RulePacks(Protocol):
    """Gives the packs that are in force as one rulebook, and those that were."""

    def rulebook(self) -> Rulebook:
        """Return the packs in force; raise BrokenPack with the problems of all that cannot be used.

        Asked with nearly every question, so answered from memory. The answer may change while the process runs; whoever
        needs one edition for several questions keeps what this returned.
        """
        ...

    def edition(self, sha256: str) -> Rulebook:
        """Return the packs of the edition with that name, in force or earlier, so that a decision can be replayed.

        Raises NotFound for one that there never was, BrokenPack where its texts cannot be read any more.
        """
        ...

    def shipped(self) -> Rulebook:
        """Return the packs on which others are laid; where none are, those in force."""
        ...

    def text(self, sha256: str) -> str:
        """Return the text of a shipped pack by its hash; raise NotFound for any other."""
        ...


def rulebook_of(rule_packs: RulePacks, edition: str | None) -> Rulebook:
    """Return the packs of the edition, or those in force for None; raise as ``edition`` does."""
    return rule_packs.rulebook() if edition is None else rule_packs.edition(edition)
