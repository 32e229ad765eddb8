"""What differs between two sets of packs: records added, removed and changed, with the fields that changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum

from ..shared.dataclass import dataclass
from .facts import Fact
from .flattening import flat
from .kinds import KINDS
from .layers import Held, in_order, merged
from .pack import RulePack


class How(StrEnum):
    """What happened to a record."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a record before and after, as text; None where it is not there."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One record that is not as it was.

    ``kind`` is the list that holds it, ``before`` and ``after`` the packs it comes from, by id, empty where it is not
    there. ``fields`` tell what changed. ``fact`` is the fact as it is now, or the one that is gone; ``was`` is what was
    said before of what is there now: the same record, or else the latest of its key and scope that began earlier.
    """

    kind: str
    name: str
    how: How
    before: str
    after: str
    fields: tuple[FieldChange, ...] = ()
    fact: Fact | None = None
    was: Fact | None = None


@dataclass(frozen=True, slots=True)
class PackDiff:
    """What differs, by kinds in their order and by name. ``before`` and ``after`` name the packs with their hashes."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    changes: tuple[RecordChange, ...]

    def count(self, how: How) -> int:
        """Return how many records were added, removed or changed."""
        return sum(change.how is how for change in self.changes)


def compare_packs(before: Iterable[RulePack], after: Iterable[RulePack]) -> PackDiff:
    """Return what differs between the records in force, whatever the order of the packs or of their records.

    The packs need not be whole: names that lead to other packs are not followed.
    """
    older, newer = in_order(before), in_order(after)
    return PackDiff(_named(older), _named(newer), tuple(_changes(older, newer)))


def _named(packs: Iterable[RulePack]) -> tuple[str, ...]:
    return tuple(pack.named for pack in packs)


def _changes(older: tuple[RulePack, ...], newer: tuple[RulePack, ...]) -> Iterator[RecordChange]:
    before, after = merged(older), merged(newer)
    known = [held.record for held in before["facts"].values()]
    for kind in KINDS:
        olds, news = before[kind.list], after[kind.list]
        for name in sorted({*olds, *news}):
            change = _change(kind.list, name, olds.get(name), news.get(name))
            if change is not None:
                yield _with_fact(change, olds.get(name), news.get(name), known) if kind.list == "facts" else change


def _change(kind: str, name: str, old: Held | None, new: Held | None) -> RecordChange | None:
    before, after = (held.pack.id if held else "" for held in (old, new))
    if old is None or new is None:
        return RecordChange(kind, name, How.REMOVED if new is None else How.ADDED, before, after)
    if old.record == new.record:
        return None
    return RecordChange(kind, name, How.CHANGED, before, after, tuple(_fields(flat(old.record), flat(new.record))))


def _fields(before: dict[str, str], after: dict[str, str]) -> Iterator[FieldChange]:
    """Yield what changed; of a part that is on one side only its name in the list tells, not each of its fields."""
    for place in sorted({*before, *after}):
        if before.get(place) != after.get(place) and _is_on_both_sides(place, before, after):
            yield FieldChange(place, before.get(place), after.get(place))


def _is_on_both_sides(place: str, before: dict[str, str], after: dict[str, str]) -> bool:
    """Whether each part that the place lies in, such as ``steps[DE4]``, is there before and after."""
    ends = [index + 1 for index, letter in enumerate(place) if letter == "]"]
    return all(any(there.startswith(place[:end]) for there in side) for end in ends for side in (before, after))


def _with_fact(change: RecordChange, old: Held | None, new: Held | None, known: list[Fact]) -> RecordChange:
    fact: Fact | None = new.record if new else None
    gone: Fact | None = old.record if old else None
    was = _said_before(fact, known) if fact else None
    return RecordChange(
        change.kind, change.name, change.how, change.before, change.after, change.fields, fact or gone, was
    )


def _said_before(fact: Fact, known: Iterable[Fact]) -> Fact | None:
    """Return the same record where it was there already, else the latest of the key and scope that began earlier."""
    begins = fact.valid_from or date.max
    same = [
        one
        for one in known
        if (one.key, one.scope) == (fact.key, fact.scope) and (one.valid_from or date.min) <= begins
    ]
    own = next((one for one in same if one.id == fact.id), None)
    return own or max(same, key=lambda one: (one.valid_from or date.min, one.id), default=None)
