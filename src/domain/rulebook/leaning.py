"""What an answer has to say about the rules that it leans on: what is out of date, unverified, or vaguely dated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from ..shared.sources import Confidence
from .fact_words import begin_of
from .facts import Fact, Precision
from .pack import Rulebook, RulePack


def warnings_for(rulebook: Rulebook, names: Iterable[str], on: date) -> tuple[str, ...]:
    """Return ``pack.stale:<pack>`` for each pack leaned on whose review is overdue on the day, then
    ``fact.unverified:<name>`` for each fact, table or other record leaned on that nobody has verified, and
    ``fact.begin_not_exact:<id>`` for each fact of which the source tells only that it began in that month or year.

    ``names`` are those of records, as they stand in ``rests_on``; one that is no record's is passed over.
    """
    stale: dict[str, None] = {}
    doubtful: dict[str, None] = {}
    for name in dict.fromkeys(names):
        for held in rulebook.leaning(name):
            if held.pack.is_stale(on):
                stale[f"pack.stale:{held.pack.id}"] = None
            doubtful.update(dict.fromkeys(_doubts(held.record, name.rpartition(":")[2], on)))
    return (*stale, *doubtful)


def packs_leaned_on(rulebook: Rulebook, names: Iterable[str]) -> tuple[RulePack, ...]:
    """Return the packs that hold the records of these names, in the rulebook's order."""
    held = {one.pack.id for name in names for one in rulebook.leaning(name)}
    return tuple(pack for pack in rulebook.packs if pack.id in held)


def _doubts(record: object, name: str, on: date) -> Iterator[str]:
    confidence = getattr(record, "confidence", None)  # a pathway has none: each of its steps has its own
    if isinstance(confidence, Confidence) and not confidence.is_verified:
        yield f"fact.unverified:{name}"
    if isinstance(record, Fact) and _began_about(record, on):
        yield f"fact.begin_not_exact:{name}"


def _began_about(fact: Fact, on: date) -> bool:
    """Whether the day lies in the month or year of which alone the source speaks."""
    vague = fact.valid_from is not None and fact.valid_from_precision is not Precision.DAY
    return vague and on.isoformat().startswith(begin_of(fact))
