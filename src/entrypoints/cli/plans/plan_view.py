"""A plan as it is shown: plain values that the page and ``--json`` are both made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class StepName:
    """A step by its key and its title."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class SafeStart:
    """The next intake that is reached in time; ``apply_by`` is None where no deadline is known."""

    term: str
    starts_on: date
    apply_by: date | None


@dataclass(frozen=True, slots=True)
class TargetView:
    """How one target stands: ``slack`` is days between arrival and the first day of studies."""

    key: str
    title: str
    short: str
    starts_on: date
    outcome: str
    arrives_on: date
    slack: int
    apply_by: date | None
    applied: bool
    chain: tuple[StepName, ...]
    because: tuple[str, ...]
    next_safe: SafeStart | None
    summary: str
    misses_window: bool = False

    @property
    def standing(self) -> str:
        """How it stands, as the page has it in words."""
        return "window_missed" if self.outcome == "at_risk" and self.misses_window else self.outcome


@dataclass(frozen=True, slots=True)
class StepView:
    """One step with its days; ``room`` is how many days it can slip, None when nothing is due after it."""

    key: str
    code: str
    title: str
    target: str
    who: str
    kind: str
    state: str
    start: date
    finish: date
    latest_finish: date | None
    room: int | None
    decides: bool
    least_days: int | None
    typical_days: int
    most_days: int | None
    advice: str
    due: str
    depends_on_unknown: tuple[str, ...]
    confidence: str
    source: str
    irreversible: bool
    gate: str
    answered: str


@dataclass(frozen=True, slots=True)
class ActionView:
    """Something to do or to wait for now, and why."""

    step: StepView
    why: str
    holds_up: tuple[StepName, ...]


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """A deadline in the zone of whoever set it and in the student's.

    ``last_day`` is her last whole day on which handing in is surely in time; ``days_left`` counts up to it.
    """

    target: str
    title: str
    kind: str
    local: datetime
    zone: str
    home: datetime
    home_zone: str
    time_stated: bool
    basis: str
    opens_on: date | None
    last_day: date
    days_left: int
    met: bool
    confidence: str
    source_title: str
    source_url: str
    read_on: date | None


@dataclass(frozen=True, slots=True)
class FactView:
    """A dated figure of the outside world with where it was read; ``figure`` tells its value with the unit in words."""

    id: str
    value: str
    unit: str
    figure: str
    valid_from: date | None
    valid_to: date | None
    note: str
    confidence: str
    source_title: str
    source_url: str
    read_on: date


@dataclass(frozen=True, slots=True)
class MoneyView:
    """What has to be shown in a country, for the target whose day and tuition count.

    ``tuition_too`` is None where it is not known whether a year's tuition comes on top; ``tuition_counted`` says
    whether the amount holds it already. ``a_month`` is empty where the rule counts by the year.
    """

    rule: str
    country: str
    target: str
    amount: str
    currency: str
    a_month: str
    months: int
    on: date
    tuition_too: bool | None
    tuition_counted: bool
    proofs: tuple[str, ...]
    confidence: str
    facts: tuple[FactView, ...]


@dataclass(frozen=True, slots=True)
class PaperView:
    """One place of the checklist; ``needed`` is None where it depends on what is not known."""

    order: int
    section: str
    code: str
    title: str
    needed: bool | None
    depends_on: tuple[str, ...]
    standing: str
    says: str
    good_until: date | None
    also: tuple[str, ...]
    originals: int
    copies: int
    note: str


@dataclass(frozen=True, slots=True)
class PapersView:
    """The checklist of a country's mission in its order, judged for the day of use.

    ``listed`` says whether the case lists any papers.
    """

    country: str
    title: str
    version: str
    authority: str
    used_on: date
    listed: bool
    confidence: str
    source_title: str
    source_url: str
    items: tuple[PaperView, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackView:
    """One version of a rule pack."""

    id: str
    version: str
    review_by: date
    stale: bool
    sha256: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """An answer that is missing, and what it would decide."""

    circumstance: str
    meaning: str


@dataclass(frozen=True, slots=True)
class LeansOn:
    """What the plan rests on, and what of it nobody has verified."""

    unverified_steps: tuple[StepName, ...]
    unverified_facts: tuple[FactView, ...]
    packs: tuple[PackView, ...]
    zones: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanView:
    """Everything that is shown of a plan as of one day."""

    name: str
    home: str
    today: date
    lead: TargetView
    others: tuple[TargetView, ...]
    next: ActionView | None
    ready: tuple[ActionView, ...]
    waiting: tuple[ActionView, ...]
    steps: tuple[StepView, ...]
    deadlines: tuple[DeadlineView, ...]
    money: tuple[MoneyView, ...]
    papers: tuple[PapersView, ...]
    notices: tuple[str, ...]
    questions: tuple[QuestionView, ...]
    leans_on: LeansOn

    @property
    def has_countries(self) -> bool:
        """Whether the money or the papers of more than one country are shown."""
        return len({one.country for one in self.money} | {one.country for one in self.papers}) > 1


@dataclass(frozen=True, slots=True)
class MoveView:
    """A step whose end moves; ``days`` is positive when it moves later."""

    key: str
    title: str
    before: date
    after: date
    days: int


@dataclass(frozen=True, slots=True)
class OutlookMove:
    """How a target stands before and after; None where it is not aimed at."""

    target: str
    title: str
    before: str | None
    after: str | None
    slack_before: int | None
    slack_after: int | None
    next_safe: SafeStart | None


@dataclass(frozen=True, slots=True)
class WhatIfView:
    """What a change would do, in one sentence too; nothing has been changed.

    ``done`` are steps whose length was asked about too late.
    """

    asked: tuple[str, ...]
    summary: str
    outlooks: tuple[OutlookMove, ...]
    moves: tuple[MoveView, ...]
    appear: tuple[str, ...]
    vanish: tuple[str, ...]
    done: tuple[str, ...]
