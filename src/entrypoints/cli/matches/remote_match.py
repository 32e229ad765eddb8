"""Verdicts from a server, in the form in which they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

from ....adapters.bundled.packs import bundled_rulebook
from ....domain.matching.evidence import Days
from ..remote_words import said
from ..words import Words, say
from .asked import Asked
from .match_of_case import used_text
from .match_view import FindingView, MatchesView, MatchView, OverrideView, UnlocksView, UnlockView

if TYPE_CHECKING:
    from ..api import Api

_PAGE = 100


async def remote_matches(api: Api, asked: Asked, on: date | None) -> MatchesView:
    """Return how the signed-in student stands against the server's catalogue."""
    profile = await api.get("/v1/students/me/profile")
    found: dict[str, Any] = {}
    items: list[dict[str, Any]] = []
    cursor = None
    while len(items) < asked.limit:
        found = await api.get(
            "/v1/students/me/matches",
            **asked.parameters(),
            on=on.isoformat() if on else None,
            limit=min(asked.limit - len(items), _PAGE),
            cursor=cursor,
        )
        items += found["items"]
        cursor = found["next"]
        if cursor is None:
            break
    words = Words(bundled_rulebook())
    matches = tuple(_match(item, words) for item in items)
    return MatchesView(
        name=profile["profile"].get("name", ""),
        on=date.fromisoformat(items[0]["on"]) if items else on,
        total=found["total"],
        counts=found["counts"],
        matches=matches,
        rulebook=tuple(items[0]["rulebook"]) if items else (),
    )


async def remote_unlocks(api: Api, asked: Asked, on: date | None) -> UnlocksView:
    """Return what would open most of the server's catalogue for the signed-in student."""
    profile = await api.get("/v1/students/me/profile")
    found = await api.get(
        "/v1/students/me/unlocks",
        **asked.parameters(),
        on=on.isoformat() if on else None,
        limit=min(asked.limit, _PAGE),
    )
    words = Words(bundled_rulebook())
    items = tuple(
        UnlockView(
            key=one["key"],
            says=said(one["change"], words, "change"),
            effort=one["change"]["effort"],
            opened=one["opened"],
            words_left=one["words_left"],
            at_best=one["at_best"],
            programmes=tuple(f"{each['name']}, {each['institution']}" for each in one["programmes"]),
        )
        for one in found["items"]
    )
    day = date.fromisoformat(found["on"])
    name = profile["profile"].get("name", "")
    unsaid, rulebook = tuple(found["unanswered"]), tuple(found["rulebook"])
    return UnlocksView(name, day, found["total"], found["open"], items, unsaid, rulebook)


async def remote_verdict(
    api: Api, key: str, on: date | None, days: Days | None = None
) -> tuple[MatchView, date, tuple[str, ...]] | None:
    """Return one verdict with its day and the rules behind it; None where the server has no such programme.

    Without any ``days`` test results have to count on those that her newest plan for the programme has.
    """
    programme = await _find(api, key)
    if programme is None:
        return None
    asked = on.isoformat() if on else None
    named = {field.name: getattr(days, field.name) for field in fields(days)} if days else {}
    case = {name: day.isoformat() for name, day in named.items() if day}
    verdict = None if case else await _of_plan(api, programme["id"], asked)
    if verdict is None:
        verdict = await api.get(f"/v1/students/me/verdicts/{programme['id']}", on=asked, **case)
    details = await api.get(f"/v1/programmes/{programme['id']}")
    return (
        _match(verdict, Words(bundled_rulebook()), details),
        date.fromisoformat(verdict["on"]),
        tuple(verdict["rulebook"]),
    )


async def _of_plan(api: Api, programme_id: str, on: str | None) -> Mapping[str, Any] | None:
    """Return the verdict on the days of the newest plan that aims at the programme, None where none does."""
    async for plan in api.items("/v1/students/me/plans", limit=_PAGE):
        if any(target["programme_id"] == programme_id for target in plan["targets"]):
            found = await api.get(f"/v1/plans/{plan['id']}/verdicts", today=on)
            own = (one["verdict"] for one in found["items"] if one["verdict"]["programme"]["id"] == programme_id)
            return next(own, None)
    return None


async def _find(api: Api, key: str) -> Mapping[str, Any] | None:
    """Go through the catalogue for the programme with the key: the API looks for words, and a key is none."""
    async for programme in api.items("/v1/programmes", limit=_PAGE):
        if key in (programme["key"], programme["id"]):
            return dict(programme)
    return None


def _match(verdict: Mapping[str, Any], words: Words, details: Mapping[str, Any] | None = None) -> MatchView:
    programme = verdict["programme"]
    source = details["source"] if details else {}
    return MatchView(
        key=programme["key"],
        name=programme["name"],
        institution=programme["institution"],
        city=programme["city"],
        country=programme["country"],
        level=programme["level"],
        tuition=_tuition(programme["tuition_a_year"]),
        standing=verdict["standing"],
        fit={name: one["fits"] for name, one in verdict["fit"].items()},
        finding=_finding(verdict["finding"], words),
        warnings=tuple(said(warning, words) for warning in verdict["warnings"]),
        notes=tuple(details["notes"]) if details else (),
        source_title=source.get("title", ""),
        source_url=source.get("url", ""),
        read_on=date.fromisoformat(source["retrieved_on"]) if source else None,
        confidence=programme["confidence"],
        summary=verdict.get("summary", ""),
    )


def _tuition(amount: Mapping[str, str] | None) -> str:
    return say("fee_year", amount=f"{amount['currency']} {amount['amount']}") if amount else ""


def _finding(finding: Mapping[str, Any], words: Words) -> FindingView:
    flip = finding["flip"]
    validity = finding["validity"] or {}
    return FindingView(
        standing=finding["standing"],
        code=finding["code"],
        says=said(finding, words),
        distance=finding["distance"],
        changes=None if flip is None else tuple(said(change, words, "change") for change in flip),
        confidence=finding["confidence"],
        source_url=finding["source_url"],
        rests_on=tuple(finding["rests_on"]),
        parts=tuple(_finding(part, words) for part in finding["parts"]),
        used=tuple(used_text(one["part"], one["index"], one["name"], _day(one["on"])) for one in finding["used"]),
        notices=tuple(said(notice, words) for notice in finding["notices"]),
        counts_until=_day(validity.get("until")),
        decided_by=validity.get("layer", ""),
        held_on=_day(validity.get("held_on")),
        override=_override(finding["override"]),
    )


def _override(given: Mapping[str, Any] | None) -> OverrideView | None:
    if given is None:
        return None
    on = date.fromisoformat(given["at"][:10])
    return OverrideView(given["ruled"], given["reason"], given["by"], on, _day(given["until"]))


def _day(given: str | None) -> date | None:
    return None if given is None else date.fromisoformat(given)
