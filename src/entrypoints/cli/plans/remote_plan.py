"""A plan from a server, in the form in which it is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ....adapters.bundled.messages import known_codes
from ....adapters.bundled.packs import bundled_rulebook
from ....adapters.system.zones import SystemZones
from ....domain.planning.schedule import WINDOW_MISSED
from ....domain.shared.times import WallTime
from ..errors import NEGATIVE, CommandFailed, refused
from ..remote_words import said
from ..words import Words
from .plan_view import (
    ActionView,
    DeadlineView,
    FactView,
    LeansOn,
    MoneyView,
    PackView,
    PapersView,
    PaperView,
    PlanView,
    QuestionView,
    SafeStart,
    StepName,
    StepView,
    TargetView,
)

if TYPE_CHECKING:
    from ..api import Api

Data = Mapping[str, Any]
_UTC = "UTC"
_AT_ONCE = 8


@dataclass(frozen=True)
class Fetched:
    """What the server says of one plan."""

    profile: Data
    plan: Data
    today: Data
    checklists: tuple[Data, ...]
    packs: Data
    facts: Mapping[str, Data]
    short: Mapping[str, str]

    @property
    def words(self) -> Words:
        """Sentences that call the steps by their titles; papers and tests by those of the packs that came with us."""
        return Words(bundled_rulebook(), {step["key"]: step["title"] for step in self.plan["steps"]})

    @property
    def home_zone(self) -> str:
        """The zone in which the student's days are counted."""
        return str((self.profile.get("residence") or {}).get("zone", _UTC))


async def newest_plan(api: Api) -> str | None:
    """Return the id of the signed-in student's newest plan that can be worked out, or None without any."""
    async for plan in api.items("/v1/students/me/plans", limit=1):  # no other has to be worked out
        return str(plan["id"])
    return None


async def needed_plan(api: Api) -> str:
    """Return what ``newest_plan`` does; raise CommandFailed without any."""
    plan_id = await newest_plan(api)
    if plan_id is None:
        raise refused(api.place, "no_plan", exit_code=NEGATIVE)
    return plan_id


async def remote_plan(api: Api, plan_id: str, today: date | None) -> PlanView:
    """Return everything that is shown of the plan."""
    asked = today.isoformat() if today else None
    plan = await api.get(f"/v1/plans/{plan_id}", today=asked)
    leaned_on = [fact for need in plan["money"] for fact in need["rests_on"]]
    leaned_on += [fact for step in plan["steps"] if step["state"] != "done" for fact in step["rests_on"]]
    fetched = Fetched(
        profile=(await api.get("/v1/students/me/profile"))["profile"],
        plan=plan,
        today=await api.get(f"/v1/plans/{plan_id}/today", today=asked),
        checklists=await _checklists(api, plan_id, plan, asked),
        packs=await api.get("/v1/packs"),
        facts=await _facts(api, list(dict.fromkeys(leaned_on))),
        short=await _short(api, plan["targets"]),
    )
    return _view(fetched)


async def _checklists(api: Api, plan_id: str, plan: Data, today: str | None) -> tuple[Data, ...]:
    """Return the checklist of each country that the plan leads to, that of the lead first, where there is one."""
    found = []
    for key in _of_each_country(plan):
        try:
            found.append(await api.get(f"/v1/plans/{plan_id}/checklist", target=key, today=today))
        except CommandFailed:  # no mission of that country has a list that is known
            continue
    return tuple(found)


def _of_each_country(plan: Data) -> list[str]:
    """Return for each country and level the key of the target that stands for it: the first that is not lost."""
    found: dict[tuple[str, str], str] = {}
    for outlook in sorted(plan["outlooks"], key=lambda one: one["outcome"] == "lost"):
        target = outlook["target"]
        found.setdefault((target["country"], target["level"]), target["key"])
    return list(found.values())


async def _facts(api: Api, ids: list[str]) -> dict[str, Data]:
    """Return the facts by id, in this order; the API is asked by key, with which an id begins."""
    keys = (await api.get("/v1/fact-keys"))["items"]
    wanted = {max((key for key in keys if fact_id.startswith(key)), key=len, default="") for fact_id in ids} - {""}
    some = asyncio.Semaphore(_AT_ONCE)

    async def look_up(key: str) -> list[Data]:
        async with some:
            return list((await api.get("/v1/facts", key=key))["items"])

    found = {fact["id"]: fact for facts in await asyncio.gather(*map(look_up, sorted(wanted))) for fact in facts}
    return {fact_id: found[fact_id] for fact_id in ids if fact_id in found}


async def _short(api: Api, targets: list[Data]) -> dict[str, str]:
    """Return each target's institution, or its whole title where two are at one institution."""
    names = [(await api.get(f"/v1/programmes/{target['programme_id']}"))["institution"] for target in targets]
    return {
        target["key"]: name if names.count(name) == 1 else target["title"]
        for target, name in zip(targets, names, strict=True)
    }


def _view(fetched: Fetched) -> PlanView:
    plan, words = fetched.plan, fetched.words
    papers = [paper for checklist in fetched.checklists for paper in checklist["items"]]
    steps = {step["key"]: _step(step, fetched.short, words) for step in plan["steps"]}
    outlooks = sorted(plan["outlooks"], key=lambda outlook: outlook["target"]["key"] != plan["lead"])
    lead, *others = (_target(outlook, steps, fetched.short, words) for outlook in outlooks)
    residence = fetched.profile.get("residence") or {}
    actions = fetched.today
    return PlanView(
        name=fetched.profile.get("name", ""),
        home=residence.get("city") or residence.get("country") or "",
        today=date.fromisoformat(plan["today"]),
        lead=lead,
        others=tuple(others),
        next=_action(actions["next"], steps, words) if actions["next"] else None,
        ready=tuple(_action(action, steps, words) for action in actions["ready"]),
        waiting=tuple(_action(action, steps, words) for action in actions["waiting"]),
        steps=tuple(steps.values()),
        deadlines=_deadlines(fetched),
        money=tuple(_money(need, fetched, words) for need in plan["money"]),
        papers=tuple(_papers(checklist, fetched, words) for checklist in fetched.checklists),
        notices=tuple(_notice(one, fetched.short, words) for one in plan["notices"]),
        questions=_questions(plan["steps"], papers, plan["money"], words),
        leans_on=_leans_on(fetched, words),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _step(step: Data, short: Mapping[str, str], words: Words) -> StepView:
    start, finish = date.fromisoformat(step["start"]), date.fromisoformat(step["finish"])
    return StepView(
        key=step["key"],
        code=step["code"],
        title=step["title"],
        target=short.get(step["target"] or "", ""),
        who=step["owner"],
        kind=step["kind"],
        state=step["state"],
        start=start,
        finish=finish,
        latest_finish=_day(step["latest_finish"]),
        room=step["slack"],
        decides=step["critical"],
        least_days=step["least_days"],
        typical_days=step["typical_days"],
        most_days=step["most_days"],
        advice=step["advice"],
        due=said(step["due"], words) if step["due"] else "",
        depends_on_unknown=tuple(step["depends_on_unknown"]),
        confidence=step["confidence"],
        source=step["source"]["title"],
        irreversible=step["irreversible"],
        gate=said(step["gate"], words) if step.get("gate") else "",
        answered=said(step["answered"], words) if step.get("answered") else "",
    )


def _target(outlook: Data, steps: Mapping[str, StepView], short: Mapping[str, str], words: Words) -> TargetView:
    target = outlook["target"]
    by_code = {step.code: step.title for step in steps.values()}
    return TargetView(
        key=target["key"],
        title=target["title"],
        short=short[target["key"]],
        starts_on=date.fromisoformat(target["starts_on"]),
        outcome=outlook["outcome"],
        arrives_on=date.fromisoformat(outlook["arrives_on"]),
        slack=outlook["slack"],
        apply_by=_day(target["apply_by"]["last_day"]) if target["apply_by"] else None,
        applied=_has_applied(target, steps),
        chain=tuple(StepName(key, by_code.get(key.partition("@")[0], key)) for key in outlook["chain"]),
        because=tuple(said(one, words) for one in outlook["reasons"] if one["code"] != "late.arrival"),
        next_safe=safe_start(outlook["next_safe"]),
        summary=outlook.get("summary", ""),
        misses_window=any(one["code"] == WINDOW_MISSED for one in outlook["reasons"]),
    )


def _has_applied(target: Data, steps: Mapping[str, StepView]) -> bool:
    """Whether no step of the target's own is left whose day is due for the application."""
    own = [step for key, step in steps.items() if key.endswith(f"@{target['key']}")]
    return bool(own) and min(own, key=lambda step: (step.start, step.finish)).state == "done"


def safe_start(later: Data | None) -> SafeStart | None:
    if later is None:
        return None
    apply_by = _day(later["apply_by"]["last_day"]) if later["apply_by"] else None
    return SafeStart(later["term"], date.fromisoformat(later["starts_on"]), apply_by)


def _action(action: Data, steps: Mapping[str, StepView], words: Words) -> ActionView:
    step = steps.get(action["step"]["key"]) or _step(action["step"], {}, words)
    why = words.sentence(action["why"]) if action["why"] in known_codes("en") else action["message"]
    return ActionView(step, why, tuple(StepName(key, steps[key].title) for key in action["holds_up"] if key in steps))


def _deadlines(fetched: Fetched) -> tuple[DeadlineView, ...]:
    words = fetched.words
    steps = {step["key"]: _step(step, fetched.short, words) for step in fetched.plan["steps"]}
    zones, today = SystemZones(), date.fromisoformat(fetched.plan["today"])
    home = zones.named(fetched.home_zone)
    found = []
    for target in fetched.plan["targets"]:
        by = target["apply_by"]
        if by is None:
            continue
        local = datetime.fromisoformat(by["stated_local"])
        instant = WallTime(local, by["stated_zone"]).instant(zones.named)
        last_day = date.fromisoformat(by["last_day"])
        found.append(
            DeadlineView(
                target=target["key"],
                title=target["title"],
                kind="application",
                local=local,
                zone=by["stated_zone"],
                home=instant.astimezone(home).replace(tzinfo=None),
                home_zone=fetched.home_zone,
                time_stated=by["time_stated"],
                basis=by["basis"],
                opens_on=_day(by["opens_on"]),
                last_day=last_day,
                days_left=(last_day - today).days,
                met=_has_applied(target, steps),
                confidence=by["confidence"],
                source_title=by["source"]["title"],
                source_url=by["source"]["url"],
                read_on=date.fromisoformat(by["source"]["retrieved_on"]),
            )
        )
    return tuple(sorted(found, key=lambda deadline: (deadline.home, deadline.target)))


def _money(need: Data, fetched: Fetched, words: Words) -> MoneyView:
    amount, a_month = need["amount"], need["a_month"]
    return MoneyView(
        rule=need["rule"],
        country=words.messages.name("country", need["country"]),
        target=next(one["title"] for one in fetched.plan["targets"] if one["key"] == need["target"]),
        amount=amount["amount"],
        currency=amount["currency"],
        a_month=a_month["amount"] if a_month else "",
        months=need["months"],
        on=date.fromisoformat(need["on"]),
        tuition_too=need["tuition_too"],
        tuition_counted=need["tuition_counted"] is True,
        proofs=tuple(words.paper(code) for code in need["proofs"]),
        confidence=need["confidence"],
        facts=tuple(_fact(fetched.facts[fact]) for fact in need["rests_on"] if fact in fetched.facts),
    )


def _fact(fact: Data) -> FactView:
    return FactView(
        id=fact["id"],
        value=str(fact["value"]),
        unit=fact["unit"],
        valid_from=_day(fact["valid_from"]),
        valid_to=_day(fact["valid_to"]),
        figure=fact["figure"],
        note=fact["note"],
        confidence=fact["confidence"],
        source_title=fact["source"]["title"],
        source_url=fact["source"]["url"],
        read_on=date.fromisoformat(fact["source"]["retrieved_on"]),
    )


def _notice(notice: Data, short: Mapping[str, str], words: Words) -> str:
    told, whose = said(notice, words), short.get(notice.get("where") or "", "")
    return f"{whose}: {told}" if whose else told


def _papers(checklist: Data, fetched: Fetched, words: Words) -> PapersView:
    target = next(one for one in fetched.plan["targets"] if one["key"] == checklist["target"])
    return PapersView(
        country=words.messages.name("country", target["country"]),
        title=checklist["title"],
        version=checklist["version"],
        authority=checklist["authority"],
        used_on=date.fromisoformat(checklist["used_on"]),
        listed=True,
        confidence=checklist["confidence"],
        source_title=checklist["source"]["title"],
        source_url=checklist["source"]["url"],
        items=tuple(_paper(item, words) for item in checklist["items"]),
        rules=tuple(rule["text"] for rule in checklist["rules"]),
    )


def _paper(item: Data, words: Words) -> PaperView:
    return PaperView(
        order=item["order"],
        section=item["section"],
        code=item["code"],
        title=item["title"],
        needed=item["needed"],
        depends_on=tuple(item["depends_on"]),
        standing=item["usability"],
        says=said(item["reason"], words),
        good_until=_day(item["good_until"]),
        also=tuple(words.paper(code) for code in item["adds"]),
        originals=item["original"],
        copies=item["copies"],
        note=item["note"],
    )


def _questions(
    steps: Iterable[Data], items: Iterable[Data], money: Iterable[Data], words: Words
) -> tuple[QuestionView, ...]:
    asked = [name for step in steps for name in step["depends_on_unknown"]]
    asked += [name for item in items for name in item["depends_on"]]
    asked += [name for need in money for name in need["depends_on"]]
    return tuple(QuestionView(name, words.messages.name("circumstance", name)) for name in dict.fromkeys(asked))


def _leans_on(fetched: Fetched, words: Words) -> LeansOn:
    today = date.fromisoformat(fetched.plan["today"])
    steps = fetched.plan["steps"]
    doubtful = [StepName(s["code"], s["title"]) for s in steps if not s["verified"] and s["state"] != "done"]
    packs = []
    for pack in (one for one in fetched.packs["items"] if one["id"] in fetched.plan["leans_on"]):
        review_by = date.fromisoformat(pack["review_by"])
        packs.append(PackView(pack["id"], pack["version"], review_by, today > review_by, pack["sha256"]))
    facts = [fact for fact in fetched.facts.values() if _is_doubtful(fact, today)]
    told = {fact["id"] for fact in facts}
    warned = [*fetched.plan["warnings"], *(warning for one in fetched.checklists for warning in one["warnings"])]
    more = [one for one in warned if one["code"] != "pack.stale" and one["params"].get("about") not in told]
    return LeansOn(
        unverified_steps=tuple(dict.fromkeys(doubtful)),
        unverified_facts=tuple(map(_fact, facts)),
        packs=tuple(packs),
        zones=fetched.plan["zones"],
        warnings=tuple(dict.fromkeys(said(one, words) for one in more)),
    )


def _is_doubtful(fact: Data, today: date) -> bool:
    begun = fact["valid_from"] is None or date.fromisoformat(fact["valid_from"]) <= today
    return (
        not fact["verified"] and begun and (fact["valid_to"] is None or today <= date.fromisoformat(fact["valid_to"]))
    )
