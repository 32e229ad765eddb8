"""Whether what must hold does, asked of memory, and what was found by earlier looks."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, cast

from ...domain.applications.application import MOVES, Action, Application, State
from ...domain.documents.document import Verification
from ...domain.identity.grant import LONGEST, LONGEST_TAKEN
from ...domain.identity.scopes import Kind
from ...domain.imports.catalogue_import import Table as CatalogueTable
from ...domain.imports.rows import ProgrammeRow
from ...domain.operations.invariants import MOST_ROWS, Breach, Found, Run
from ...domain.shared.ids import ApplicationId, DocumentId, InvariantRunId
from ...domain.shared.states import move_for
from ...ports.invariants import Stated
from .tables import Table

if TYPE_CHECKING:
    from .transactions import Store


class InvariantStore:
    """What runs and breaches keep between units of work."""

    def __init__(self) -> None:
        self.runs: Table[InvariantRunId, Run] = Table()
        self.breaches: Table[tuple[str, str, datetime], Breach] = Table()

    def keep(self) -> None:
        """Let the changes of the unit count."""
        for part in (self.runs, self.breaches):
            part.keep()

    def discard(self) -> None:
        """Forget the changes of the unit."""
        for part in (self.runs, self.breaches):
            part.discard()


class MemoryInvariants:
    """The questions, and the runs and breaches as the open unit sees them.

    Asked is what an embedding team can break by what it keeps itself. What only the rows of a database can be, such as
    a row without its student's, or an event that nobody passes on, is no question here.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept = store.invariants

    async def look(self, invariant: str) -> Found | None:
        question = _QUESTIONS.get(invariant)
        if question is None:
            return None
        looked, broken = question(self._store)
        rows = sorted(set(broken))
        return Found(looked, tuple(rows[:MOST_ROWS]), len(rows))

    async def sent(self, after: str, limit: int) -> Sequence[ApplicationId]:
        return [one for one in sorted(self._store.snapshots.keys(), key=str) if str(one) > after][:limit]

    async def papers(self, after: str, limit: int) -> Sequence[DocumentId]:
        having = (one.id for one in self._store.documents.rows(lambda one: one.versions))
        return [one for one in sorted(having, key=str) if str(one) > after][:limit]

    async def stated(self, what: str, after: str, limit: int) -> Sequence[Stated]:
        """Every programme that is kept whole, for both: memory keeps no statement apart."""
        stored = self._store.catalogue.stored(CatalogueTable.PROGRAMMES)
        rows = {str(id_): cast("ProgrammeRow", one.row) for id_, one in stored if not one.withdrawn}
        found = [(at, row.details) for at, row in sorted(rows.items()) if row.details is not None and not row.expired]
        return [Stated(at, json.loads(details)) for at, details in found if at > after][:limit]

    async def note(self, invariant: str, found: Found, at: datetime) -> int:
        known = {one.row: one for one in self._open(invariant)}
        for row in found.rows:
            self._put(replace(known[row], last_seen=at) if row in known else Breach(invariant, row, at, at))
        over = [one for row, one in known.items() if found.is_over(row)]
        for one in over:
            self._put(replace(one, gone_at=at))
        return len(list(self._open(invariant)))

    async def keep(self, run: Run) -> None:
        self._kept.runs.put(run.id, run)

    async def last_run(self) -> Run | None:
        newest_first = reversed(list(self._kept.runs.rows()))
        return max(newest_first, key=lambda one: one.finished_at, default=None)

    async def breaches(self, limit: int) -> Sequence[Breach]:
        return sorted(self._open(), key=lambda one: (one.invariant, one.row))[:limit]

    async def broken(self, invariant: str, limit: int) -> Sequence[str]:
        return [one.row for one in sorted(self._open(invariant), key=lambda one: (one.last_seen, one.row))][:limit]

    def _open(self, invariant: str | None = None) -> Iterator[Breach]:
        return self._kept.breaches.rows(
            lambda one: one.gone_at is None and (invariant is None or one.invariant == invariant)
        )

    def _put(self, breach: Breach) -> None:
        self._kept.breaches.put((breach.invariant, breach.row, breach.first_seen), breach)


Asked = tuple[int, Iterator[str]]


def _by_the_table(store: Store) -> Asked:
    rows = list(store.applications.rows())
    return len(rows), (str(one.id) for one in rows if not _went_by_the_table(one))


def _went_by_the_table(application: Application) -> bool:
    stood = State.DRAFT
    for entry in application.history:
        move = move_for(MOVES, entry.action, stood)
        if entry.before is not stood or move is None or (move.target, move.by) != (entry.after, entry.side):
            return False
        stood = entry.after
    return application.state is stood


def _sent_is_kept(store: Store) -> Asked:
    rows, snapshots = list(store.applications.rows()), set(store.snapshots.keys())
    return len(rows), (
        str(one.id) for one in rows if len({_was_sent(one), one.receipt is not None, one.id in snapshots}) > 1
    )


def _was_sent(application: Application) -> bool:
    return any(entry.action is Action.SUBMIT for entry in application.history)


def _one_at_a_time(store: Store) -> Asked:
    rows = list(store.applications.rows())
    live = Counter(_intake(one) for one in rows if one.is_live)
    return len(rows), (str(one.id) for one in rows if one.is_live and live[_intake(one)] > 1)


def _intake(one: Application) -> tuple[object, ...]:
    return one.student_id, one.programme_id, one.term, one.starts_on


def _offers(store: Store) -> Asked:
    rows = list(store.applications.rows())
    return len(rows), (str(one.id) for one in rows if not _has_its_offer(one))


def _has_its_offer(one: Application) -> bool:
    if one.state not in (State.OFFER_CONDITIONAL, State.OFFER_UNCONDITIONAL):
        return True
    return one.offer is not None and (one.state is State.OFFER_UNCONDITIONAL or bool(one.offer.conditions))


def _rejected(store: Store) -> Asked:
    rows = [(one.id, version) for one in store.documents.rows() for version in one.versions]
    return len(rows), (
        f"{id_}/{version.number}"
        for id_, version in rows
        if (version.verification is Verification.REJECTED) is not bool(version.rejected_because.strip())
    )


def _answers(store: Store) -> Asked:
    rows = list(store.documents.rows(lambda one: one.answer is not None))
    return len(rows), (str(one.id) for one in rows if one.answer is not None and not one.answer.reason.strip())


def _overrides(store: Store) -> Asked:
    rows = list(store.overrides.rows())
    return len(rows), (str(one.id) for one in rows if not one.reason.strip())


def _grants(store: Store) -> Asked:
    rows = list(store.grants.rows())
    longest = {Kind.GIVEN: LONGEST, Kind.TAKEN: LONGEST_TAKEN}
    return len(rows), (
        str(one.id)
        for one in rows
        if not one.given_at < one.until <= one.given_at + longest[one.kind]
        or (one.accepted_at is not None and one.accepted_at >= one.until)
        or (one.kind is Kind.TAKEN and not one.reason.strip())
    )


_QUESTIONS: Mapping[str, Callable[[Store], Asked]] = {
    "application_by_the_table": _by_the_table,
    "application_sent_is_kept": _sent_is_kept,
    "application_one_at_a_time": _one_at_a_time,
    "application_offer_is_there": _offers,
    "document_rejected_with_reason": _rejected,
    "document_answer_with_reason": _answers,
    "override_with_reason": _overrides,
    "grant_with_an_end": _grants,
}
