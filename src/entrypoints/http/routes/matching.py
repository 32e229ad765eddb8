"""A student before the whole catalogue: how she stands, and what would open more of it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from litestar import Router, get
from litestar.params import FromPath, QueryParameter

from ....domain.catalogue.programme import Level, Programme
from ....domain.matching.trees import Lack
from ....domain.matching.unlocking import Unlock
from ....domain.matching.use_cases.asking import DEEPEST
from ....domain.matching.verdict import Standing
from ....domain.matching.wanted import Wanted
from ....domain.shared.errors import Invalid, Reason
from ....domain.shared.ids import ProgrammeId
from ....domain.shared.money import Money
from ..cursors import cursor as cursor_of
from ..cursors import position
from ..given import V1, Cursor, PageSize, RuleEdition, StudentPath, Use, Who, day_given, refusals, student_in
from .catalogue import Countries, Fields, Languages, Levels, ProgrammeSummary, Text, query_of, summary_of
from .verdicts import ChangeBody, On, VerdictBody, change_body, verdict_of

MaxTuition = Annotated[
    str | None,
    QueryParameter(
        name="max_tuition", required=False, max_length=20, description="At most so much a year, in `currency` alone."
    ),
]
Currency = Annotated[
    str, QueryParameter(name="currency", required=False, pattern="^[A-Z]{3}$", description="ISO 4217.")
]
StartsFrom = Annotated[
    date | None, QueryParameter(name="starts_from", required=False, description="Begins on this day or later.")
]
StartsUntil = Annotated[
    date | None, QueryParameter(name="starts_until", required=False, description="Begins on this day or earlier.")
]
DeadlineAhead = Annotated[
    bool,
    QueryParameter(
        name="deadline_ahead", required=False, description="Only where one can still apply for the next beginning."
    ),
]
StandingWords = Annotated[
    list[Literal["met", "probably_met", "unknown", "not_met"]] | None,
    QueryParameter(name="standing", required=False, max_items=4, description="List only these; all are counted."),
]
LackWords = Annotated[
    list[
        Literal[
            "requirement", "test", "grade", "degree", "document", "experience", "citizenship", "money", "stated", "visa"
        ]
    ]
    | None,
    QueryParameter(
        name="missing",
        required=False,
        max_items=10,
        description="Only programmes that lack something, and nothing else than this.",
    ),
]
Shown = Annotated[
    int, QueryParameter(name="programmes", required=False, ge=0, le=20, description="How many of those that open.")
]


class MatchesBody(msgspec.Struct, frozen=True):
    """How many programmes stand how, and a page of them, best first.

    ``counts`` are of all that fits the question, whatever ``standing`` lists; ``total`` is how many are listed.
    """

    counts: Annotated[
        dict[str, int], msgspec.Meta(examples=[{"met": 2, "probably_met": 5, "unknown": 20, "not_met": 13}])
    ]
    total: int
    items: list[VerdictBody]
    next: str | None


class UnlockBody(msgspec.Struct, frozen=True, kw_only=True):
    """A change, and how many more programmes would be met or probably met with it.

    ``words_left`` are as many again of which nothing would be left but what is stated in words, for you to judge.
    ``at_best``: the change gives an answer that is missing, and the most welcome one is assumed. ``programmes`` are the
    best of those that open; ask for more by ``key``.
    """

    key: Annotated[str, msgspec.Meta(examples=["raise_score/IELTS_AC/2025-09-13/total+0.5"])]
    change: ChangeBody
    opened: int
    words_left: int
    at_best: bool
    programmes: list[ProgrammeSummary]


class UnlocksBody(msgspec.Struct, frozen=True, kw_only=True):
    """How many programmes fit the question, how many of them are open (met or probably met), and what opens more.

    What opens most for its effort comes first; changes that open nothing are left out. ``unanswered`` names fields of
    the profile that nobody has filled in, ``papers`` among them, though some of the other programmes ask for them.
    """

    on: date
    total: int
    open: int
    items: list[UnlockBody]
    unanswered: Annotated[list[str], msgspec.Meta(examples=[["tests", "qualifications.grade"]])]
    rulebook: list[str]


class UnlockedPage(msgspec.Struct, frozen=True, kw_only=True):
    """The programmes that one change opens, a page at a time: what fits best comes first."""

    key: str
    change: ChangeBody
    opened: int
    words_left: int
    at_best: bool
    items: list[ProgrammeSummary]
    next: str | None


@get(
    "/students/{student_id:str}/matches",
    operation_id="match_catalogue",
    summary="Match the whole catalogue",
    responses=refusals(401, 404, 422),
)
async def match_catalogue(
    student_id: StudentPath,
    who: Who,
    use: Use,
    text: Text = "",
    country: Countries = None,
    level: Levels = None,
    field: Fields = None,
    language: Languages = None,
    max_tuition: MaxTuition = None,
    currency: Currency = "EUR",
    starts_from: StartsFrom = None,
    starts_until: StartsUntil = None,
    deadline_ahead: DeadlineAhead = False,
    standing: StandingWords = None,
    missing: LackWords = None,
    on: On = None,
    edition: RuleEdition = None,
    cursor: Cursor = None,
    limit: PageSize = 20,
) -> MatchesBody:
    """Count how every fitting programme stands, and return the best.

    The order: what stands best, then what costs least to reach, then what fits best (field, tuition, deadline), then
    names. It says nothing about the chance of being admitted.
    """
    start = _start(cursor)
    wanted = _wanted(
        text, country, level, field, language, (max_tuition, currency), (starts_from, starts_until), deadline_ahead
    )
    found = await use.match_catalogue()(
        who,
        student_in(student_id, who),
        wanted,
        on=day_given(on, "on"),
        edition=edition,
        only=[Standing[word.upper()] for word in standing or ()],
        missing=sum({int(Lack[word.upper()]) for word in missing or ()}),
        start=start,
        size=limit,
    )
    counts = {one.word: found.counts[one] for one in reversed(Standing)}
    items = [verdict_of(match) for match in found.page]
    return MatchesBody(counts, found.total, items, _next(start, limit, found.total))


@get(
    "/students/{student_id:str}/unlocks",
    operation_id="unlock_catalogue",
    summary="See what would open more programmes",
    responses=refusals(401, 404, 422),
)
async def unlock_catalogue(
    student_id: StudentPath,
    who: Who,
    use: Use,
    text: Text = "",
    country: Countries = None,
    level: Levels = None,
    field: Fields = None,
    language: Languages = None,
    max_tuition: MaxTuition = None,
    currency: Currency = "EUR",
    starts_from: StartsFrom = None,
    starts_until: StartsUntil = None,
    deadline_ahead: DeadlineAhead = False,
    on: On = None,
    edition: RuleEdition = None,
    limit: PageSize = 10,
    programmes: Shown = 5,
) -> UnlocksBody:
    """Try each change on the whole catalogue: a step more in tests and grades, tests not taken yet, papers, work,
    budget, and what the profile leaves open. Section and total of a test are read together."""
    wanted = _wanted(
        text, country, level, field, language, (max_tuition, currency), (starts_from, starts_until), deadline_ahead
    )
    found, known = await use.unlock_catalogue()(
        who,
        student_in(student_id, who),
        wanted,
        on=day_given(on, "on"),
        edition=edition,
        size=limit,
        programmes=programmes,
    )
    items = [
        UnlockBody(
            key=one.key,
            change=change_body(one.change),
            opened=one.opened,
            words_left=one.words_left,
            at_best=one.at_best,
            programmes=_summaries(one, known),
        )
        for one in found.items
    ]
    return UnlocksBody(
        on=found.on,
        total=found.total,
        open=found.open,
        items=items,
        unanswered=list(found.unanswered),
        rulebook=list(found.rulebook),
    )


@get(
    "/students/{student_id:str}/unlocks/{key:path}",
    operation_id="unlocked_programmes",
    summary="List what one change would open",
    responses=refusals(401, 404, 422),
)
async def unlocked_programmes(
    student_id: StudentPath,
    key: FromPath[str],
    who: Who,
    use: Use,
    text: Text = "",
    country: Countries = None,
    level: Levels = None,
    field: Fields = None,
    language: Languages = None,
    max_tuition: MaxTuition = None,
    currency: Currency = "EUR",
    starts_from: StartsFrom = None,
    starts_until: StartsUntil = None,
    deadline_ahead: DeadlineAhead = False,
    on: On = None,
    edition: RuleEdition = None,
    cursor: Cursor = None,
    limit: PageSize = 20,
) -> UnlockedPage:
    """List the programmes that the change of this key would open, with the same filters as before."""
    start = _start(cursor)
    wanted = _wanted(
        text, country, level, field, language, (max_tuition, currency), (starts_from, starts_until), deadline_ahead
    )
    found, known = await use.unlock_catalogue()(
        who,
        student_in(student_id, who),
        wanted,
        on=day_given(on, "on"),
        edition=edition,
        key=key.strip("/"),
        start=start,
        programmes=min(limit, DEEPEST - start),
    )
    (one,) = found.items
    return UnlockedPage(
        key=one.key,
        change=change_body(one.change),
        opened=one.opened,
        words_left=one.words_left,
        at_best=one.at_best,
        items=_summaries(one, known),
        next=_next(start, limit, one.opened + one.words_left),
    )


def _wanted(
    text: str,
    country: list[str] | None,
    level: list[Level] | None,
    field: list[str] | None,
    language: list[str] | None,
    tuition: tuple[str | None, str],
    starts: tuple[date | None, date | None],
    deadline_ahead: bool,
) -> Wanted:
    query = query_of(text, country, level, field, language)
    first, last = day_given(starts[0], "starts_from"), day_given(starts[1], "starts_until")
    if first and last and last < first:
        raise Invalid(Reason("request.days_turned_around", {"first": first.isoformat()}, "starts_until"))
    return Wanted(query, _money(*tuition), first, last, deadline_ahead)


def _money(amount: str | None, currency: str) -> Money | None:
    if amount is None:
        return None
    try:
        return Money.of(amount, currency)
    except Invalid as error:
        raise Invalid(*(Reason(reason.code, reason.params, "max_tuition") for reason in error.reasons)) from error


def _start(cursor: str | None) -> int:
    start = position(cursor, int) or 0
    if not 0 <= start < DEEPEST:
        raise Invalid(Reason("request.broken_cursor", {}, "cursor"))
    return start


def _next(start: int, limit: int, total: int) -> str | None:
    end = start + limit
    return cursor_of(end) if end < min(total, DEEPEST) else None


def _summaries(one: Unlock, known: dict[ProgrammeId, Programme]) -> list[ProgrammeSummary]:
    return [summary_of(known[id_]) for id_ in one.programmes if id_ in known]


router: Any = Router(V1, route_handlers=[match_catalogue, unlock_catalogue, unlocked_programmes], tags=["Matching"])
