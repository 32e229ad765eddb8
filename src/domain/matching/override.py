"""Overrides: a counsellor's word over what the rules say of one requirement. It is added to, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.ids import AccountId, OverrideId, ProgrammeId, StudentId
from .events import FindingOverridden, OverrideTakenBack
from .verdict import Standing


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Who took an override back, when and why."""

    by: AccountId
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Override:
    """How a counsellor says that one requirement of one programme stands for one student, and why.

    ``place`` names the requirement in the programme's tree, ``basis`` is a digest of that requirement and of the
    evidence that it is judged by. ``until`` is the last day on which the override counts, where it has one.
    """

    id: OverrideId
    student_id: StudentId
    programme_id: ProgrammeId
    place: str
    standing: Standing
    reason: str
    by: AccountId
    at: datetime
    basis: str
    until: date | None = None
    taken_back: TakenBack | None = None

    def given(self) -> FindingOverridden:
        """Return what giving it means to others."""
        return FindingOverridden(self.id, self.student_id, self.programme_id)

    def withdrawn(self) -> OverrideTakenBack:
        """Return what taking it back means to others."""
        return OverrideTakenBack(self.id, self.student_id, self.programme_id)


class State(StrEnum):
    """Whether an override counts, and if not, why."""

    IN_FORCE = "in_force"
    TAKEN_BACK = "taken_back"
    ENDED = "ended"
    OUTDATED = "outdated"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Overrides:
    """Every override of one student and programme, the newest first, each with whether it counts."""

    all: tuple[tuple[Override, State], ...] = ()
    in_force: Mapping[str, Override] = field(default_factory=dict)


def sorted_out(overrides: Iterable[Override], basis_at: Mapping[str, str], on: date) -> Overrides:
    """Return which of the overrides count on the day.

    ``basis_at`` is the present digest of each requirement by its place. An override that was made on another
    requirement or on other evidence is outdated: what it was judged on is gone, so the rules speak again. Of several
    at one place the newest counts.
    """
    found: list[tuple[Override, State]] = []
    in_force: dict[str, Override] = {}
    for one in sorted(overrides, key=lambda one: (one.at, one.id), reverse=True):
        state = _state(one, basis_at, on)
        if state is State.IN_FORCE and one.place in in_force:
            state = State.REPLACED
        if state is State.IN_FORCE:
            in_force[one.place] = one
        found.append((one, state))
    return Overrides(tuple(found), in_force)


def _state(one: Override, basis_at: Mapping[str, str], on: date) -> State:
    if one.taken_back is not None:
        return State.TAKEN_BACK
    if one.until is not None and one.until < on:
        return State.ENDED
    return State.IN_FORCE if basis_at.get(one.place) == one.basis else State.OUTDATED
