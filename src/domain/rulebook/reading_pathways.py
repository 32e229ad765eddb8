"""Reading pathways and their steps."""

from __future__ import annotations

from ..shared.reading import Record
from ..shared.sourced import Sources, source_of
from ..shared.sources import Confidence
from .limits import MOST_DAYS
from .pathways import DayCount, Duration, LeadTime, Pathway, Place, StepDefinition, StepKind, StepScope
from .reading_conditions import maybe_condition, read_condition
from .reading_whom import countries_of, country_of, level_of

_BASES = ("submitted", "received", "postmark")


def read_pathway(r: Record, sources: Sources) -> Pathway:
    """Return the pathway with its steps in the record; what is wrong with it is noted."""
    pathway = Pathway(
        id=r.text("id"),
        title=r.text("title"),
        title_bn=r.text("title_bn", ""),
        country=country_of(r),
        mission=r.text("mission", ""),
        nationality=countries_of(r, "nationality"),
        level=level_of(r),
        application_step=r.text("application_step"),
        admission_step=r.text("admission_step"),
        decision_step=r.text("decision_step"),
        arrival_step=r.text("arrival_step"),
        checklist=r.text("checklist", ""),
        steps=tuple(_step(entry, sources) for entry in r.tables("steps")),
        lead_times=tuple(map(_lead_time, r.tables("lead_times"))),
        lodgement_step=r.text("lodgement_step", ""),
    )
    r.text("note", "")
    r.done()
    return pathway


def _step(r: Record, sources: Sources) -> StepDefinition:
    step = StepDefinition(
        code=r.text("code"),
        title=r.text("title"),
        after=r.texts("after"),
        scope=r.choice("scope", StepScope),
        kind=r.choice("kind", StepKind),
        owner=r.text("owner"),
        duration=_duration(r),
        hard_days=r.maybe_integer("hard_days", least=1, most=MOST_DAYS),
        only_if=maybe_condition(r, "only_if"),
        documents_in=r.texts("documents_in"),
        documents_out=r.texts("documents_out"),
        facts=r.texts("facts"),
        advice=r.text("advice", ""),
        note=r.text("note", ""),
        title_bn=r.text("title_bn", ""),
        advice_bn=r.text("advice_bn", ""),
        note_bn=r.text("note_bn", ""),
        irreversible=r.flag("irreversible", False),
        common=r.text("common", ""),
        known_first=r.texts("known_first"),
        counts=r.choice("counts", DayCount, DayCount.CALENDAR),
        calendar=r.choice("calendar", Place, Place.ANYWHERE),
        answered_by=r.texts("answered_by"),
        not_before=r.text("not_before", ""),
        source=source_of(r, sources),
        confidence=r.choice("confidence", Confidence),
    )
    r.done()
    return step


def _duration(r: Record) -> Duration:
    days = r.table("days")
    duration = Duration(
        days.integer("typical", most=MOST_DAYS),
        days.maybe_integer("min", most=MOST_DAYS),
        days.maybe_integer("max", most=MOST_DAYS),
    )
    low = duration.typical if duration.least is None else duration.least
    high = duration.typical if duration.most is None else duration.most
    if not low <= duration.typical <= high:
        r.wrong("days", "duration.out_of_order")
    days.done()
    return duration


def _lead_time(r: Record) -> LeadTime:
    lead_time = LeadTime(r.text("step"), r.text("fact"), read_condition(r, "when"), r.text("basis", ""))
    if lead_time.basis not in ("", *_BASES):
        r.wrong("basis", "data.unknown_word", given=lead_time.basis[:40], known=", ".join(_BASES))
    r.done()
    return lead_time
