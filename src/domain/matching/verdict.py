"""Verdicts and the findings that they are folded from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from ..shared.dataclass import dataclass
from ..shared.errors import Params, Reason
from ..shared.ids import ProgrammeId
from ..shared.sources import Confidence

if TYPE_CHECKING:
    from .override import Override, State


class Standing(IntEnum):
    """How a requirement stands, in order: all-of takes the least, any-of the greatest."""

    NOT_MET = 0
    UNKNOWN = 1
    PROBABLY_MET = 2
    MET = 3

    @property
    def word(self) -> str:
        """The word that is sent and stored."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a change, such as a test's total or section: how much it asks for, and how that is shown."""

    name: str
    size: Decimal
    shown: str


@dataclass(frozen=True, slots=True)
class Change:
    """Something the student could do; ``effort`` only orders changes from cheap to dear.

    ``parts`` are what the parameters list, so that several changes of one thing can become one.
    """

    code: str
    params: Params
    effort: int
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Used:
    """A piece of evidence: the part of the profile, its place there counted from 0, what it is, and its own day."""

    part: str
    index: int | None = None
    name: str = ""
    on: date | None = None


class Layer(StrEnum):
    """Who says how long a test result counts."""

    OWNER = "owner"
    INSTITUTION = "institution"
    MISSION = "mission"


@dataclass(frozen=True, slots=True)
class Validity:
    """How long a result counts: whose rule decides, the day it was held against, and the last day that counts."""

    layer: Layer
    held_on: date
    until: date


@dataclass(frozen=True, slots=True)
class Finding:
    """How one requirement stands and why.

    ``flip`` is the cheapest set of changes that would make it met: empty when it is met already, None when nothing
    the student can do would. ``rests_on`` names the facts, tables and scales used; ``distance`` is how far off.
    ``used`` names the evidence that it was made on, ``notices`` what will matter later although it decides nothing now.
    Where a counsellor's ``override`` gives the standing, ``ruled`` is what the rules say, as everything else here does.
    """

    standing: Standing
    code: str
    params: Params
    confidence: Confidence
    source_id: str = ""
    source_url: str = ""
    rests_on: tuple[str, ...] = ()
    distance: str = ""
    flip: tuple[Change, ...] | None = ()
    parts: tuple[Finding, ...] = ()
    used: tuple[Used, ...] = ()
    validity: Validity | None = None
    notices: tuple[Reason, ...] = ()
    override: Override | None = None
    ruled: Standing | None = None

    def leaves(self) -> Iterator[Finding]:
        """Yield the findings that have no parts, in the order of the requirement."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()

    def all_it_rests_on(self) -> tuple[str, ...]:
        """Return every fact, table and scale that it and its parts used, once each."""
        return tuple(dict.fromkeys(name for leaf in self.leaves() for name in leaf.rests_on))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What holds for one student and one programme on one day, with everything needed to replay it.

    ``ruled`` is the standing that the rules alone give, and ``overrides`` are all that were ever made, newest first.
    """

    programme_id: ProgrammeId
    on: date
    finding: Finding
    rulebook: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    ruled: Standing | None = None
    overrides: tuple[tuple[Override, State], ...] = ()

    @property
    def standing(self) -> Standing:
        """The folded standing of the whole requirement."""
        return self.finding.standing

    @property
    def rests_on(self) -> tuple[str, ...]:
        """Every fact, table and scale that the findings used, once each."""
        return self.finding.all_it_rests_on()

    @property
    def effort(self) -> int | None:
        """How much the cheapest change would cost in effort; None when nothing would help."""
        flip = self.finding.flip
        return None if flip is None else sum(change.effort for change in flip)
