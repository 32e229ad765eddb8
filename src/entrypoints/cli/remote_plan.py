"""A plan from a server, in the form in which it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ...adapters.bundled.messages import known_codes
from ...adapters.bundled.packs import bundled_rulebook
from ...adapters.system.zones import SystemZones
from ...domain.planning.schedule import Report
from ...domain.rulebook.conditions import KNOWN_CIRCUMSTANCES
from ...domain.shared.times import WallTime
from .errors import CommandFailed
from .plan_view import (
    ActionView,
    DeadlineView,
    FactView,
    LeansOn,
    MoneyView,
    MoveView,
    OutlookMove,
    PackView,
    PapersView,
    PaperView,
    PlanView,
    QuestionView,
    SafeStart,
    StepName,
    StepView,
    TargetView,
    WhatIfView,
)
from .what_if_words import read_what_if
from .words import Words

if TYPE_CHECKING:
    from .api import Api

Data = Mapping[str, Any]
_UTC = "UTC"


@dataclass(frozen=True)
class Fetched:
    """What the server says of one plan."""

    profile: Data
    plan: Data
    today: Data
    checklist: Data
    packs: Data
    facts: Mapping[str, Data]

    @property
    def words(self) -> Words:
        """Sentences that call the steps by their titles; papers and tests by those of the packs that came with us."""
        return Words(bundled_rulebook(), {step["key"]: step["title"] for step in self.plan["steps"]})

    @property
    def home_zone(self) -> str:
        """The zone in which the student's days are counted."""
        return str((self.profile.get("residence") or {}).get("zone", _UTC))


async def newest_plan(api: Api) -> str | None:
    """Return the id of the signed-in student's newest plan, or None without any."""
    plans = (await api.get("/v1/students/me/plans"))["items"]
    return str(plans[0]["id"]) if plans else None


async def remote_plan(api: Api, plan_id: str, today: date | None) -> PlanView:
    """Return everything that is shown of the plan."""
    asked = today.isoformat() if today else None
    plan = await api.get(f"/v1/plans/{plan_id}", today=asked)
    fetched = Fetched(
        profile=(await api.get("/v1/students/me/profile"))["profile"],
        plan=plan,
        today=await api.get(f"/v1/plans/{plan_id}/today", today=asked),
        checklist=await api.get(f"/v1/plans/{plan_id}/checklist"),
        packs=await api.get("/v1/packs"),
        facts=await _facts(api, {fact for need in plan["money"] for fact in need["rests_on"]}),
    )
    return _view(fetched)


async def _facts(api: Api, ids: Iterable[str]) -> dict[str, Data]:
    """Return the facts by id; the API is asked by key, with which an id begins."""
    wanted = sorted(ids)
    keys = (await api.get("/v1/fact-keys"))["items"] if wanted else []
    found: dict[str, Data] = {}
    for fact_id in wanted:
        key = max((key for key in keys if fact_id.startswith(key)), key=len, default=None)
        if key is not None:
            records = (await api.get("/v1/facts", key=key))["items"]
            found.update({record["id"]: record for record in records if record["id"] == fact_id})
    return found


def _view(fetched: Fetched) -> PlanView:
    plan, words = fetched.plan, fetched.words
    titles = {target["key"]: target["title"] for target in plan["targets"]}
    steps = {step["key"]: _step(step, titles, words) for step in plan["steps"]}
    outlooks = sorted(plan["outlooks"], key=lambda outlook: outlook["target"]["key"] != plan["lead"])
    lead, *others = (_target(outlook, steps, words) for outlook in outlooks)
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
        papers=_papers(fetched.checklist, words),
        questions=_questions(plan["steps"], fetched.checklist["items"]),
        leans_on=_leans_on(fetched),
    )


def _said(reason: Data, words: Words) -> str:
    """Return the sentence in our own words, with days and titles written out; else the server's."""
    if reason["code"] in known_codes("en"):
        return words.sentence(reason["code"], reason["params"])
    return str(reason["message"])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _step(step: Data, titles: Mapping[str, str], words: Words) -> StepView:
    start, finish = date.fromisoformat(step["start"]), date.fromisoformat(step["finish"])
    return StepView(
        key=step["key"],
        code=step["code"],
        title=step["title"],
        target=titles.get(step["target"] or "", ""),
        who=step["owner"],
        kind=step["kind"],
        state=step["state"],
        start=start,
        finish=finish,
        latest_finish=_day(step["latest_finish"]),
        room=step["slack"],
        decides=step["critical"],
        least_days=None,
        typical_days=(finish - start).days,
        most_days=None,
        advice=step["advice"],
        due=_said(step["due"], words) if step["due"] else "",
        depends_on_unknown=tuple(step["depends_on_unknown"]),
        confidence=step["confidence"],
        source=step["source"]["title"],
        irreversible=step["irreversible"],
    )


def _target(outlook: Data, steps: Mapping[str, StepView], words: Words) -> TargetView:
    target = outlook["target"]
    by_code = {step.code: step.title for step in steps.values()}
    return TargetView(
        key=target["key"],
        title=target["title"],
        short=target["title"],
        starts_on=date.fromisoformat(target["starts_on"]),
        outcome=outlook["outcome"],
        arrives_on=date.fromisoformat(outlook["arrives_on"]),
        slack=outlook["slack"],
        apply_by=_day(target["apply_by"]["last_day"]) if target["apply_by"] else None,
        applied=_has_applied(target, steps),
        chain=tuple(StepName(key, by_code.get(key.partition("@")[0], key)) for key in outlook["chain"]),
        because=tuple(_said(reason, words) for reason in outlook["reasons"]),
        next_safe=_safe(outlook["next_safe"]),
    )


def _has_applied(target: Data, steps: Mapping[str, StepView]) -> bool:
    """Whether no step of the target's own is left whose day is due for the application."""
    own = [step for key, step in steps.items() if key.endswith(f"@{target['key']}")]
    return bool(own) and min(own, key=lambda step: (step.start, step.finish)).state == "done"


def _safe(later: Data | None) -> SafeStart | None:
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
    titles = {target["key"]: target["title"] for target in fetched.plan["targets"]}
    steps = {step["key"]: _step(step, titles, words) for step in fetched.plan["steps"]}
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
                source_title="",
                source_url="",
                read_on=None,
            )
        )
    return tuple(sorted(found, key=lambda deadline: (deadline.home, deadline.target)))


def _money(need: Data, fetched: Fetched, words: Words) -> MoneyView:
    amount, a_month = need["amount"], need["a_month"]
    return MoneyView(
        rule=need["rule"],
        amount=amount["amount"],
        currency=amount["currency"],
        a_month=a_month["amount"],
        months=need["months"],
        on=date.fromisoformat(need["on"]),
        tuition_too=need["tuition_too"],
        tuition_counted=Decimal(amount["amount"]) != Decimal(a_month["amount"]) * need["months"],
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
        note=fact["note"],
        confidence=fact["confidence"],
        source_title=fact["source"]["title"],
        source_url=fact["source"]["url"],
        read_on=date.fromisoformat(fact["source"]["retrieved_on"]),
    )


def _papers(checklist: Data, words: Words) -> PapersView:
    return PapersView(
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
        says=_said(item["reason"], words),
        good_until=_day(item["good_until"]),
        also=tuple(words.paper(code) for code in item["adds"]),
        originals=item["original"],
        copies=item["copies"],
        note=item["note"],
    )


def _questions(steps: Iterable[Data], items: Iterable[Data]) -> tuple[QuestionView, ...]:
    asked = [name for step in steps for name in step["depends_on_unknown"]]
    asked += [name for item in items for name in item["depends_on"]]
    return tuple(QuestionView(name, KNOWN_CIRCUMSTANCES.get(name, name)) for name in dict.fromkeys(asked))


def _leans_on(fetched: Fetched) -> LeansOn:
    today = date.fromisoformat(fetched.plan["today"])
    steps = fetched.plan["steps"]
    doubtful = [StepName(s["code"], s["title"]) for s in steps if not s["verified"] and s["state"] != "done"]
    packs = []
    for pack in fetched.packs["items"]:
        review_by = date.fromisoformat(pack["review_by"])
        packs.append(PackView(pack["id"], pack["version"], review_by, today > review_by, pack["sha256"]))
    return LeansOn(
        unverified_steps=tuple(dict.fromkeys(doubtful)),
        unverified_facts=(),
        packs=tuple(packs),
        zones=fetched.plan["zones"],
        warnings=(),
    )


async def remote_what_if(api: Api, plan_id: str, words: list[str]) -> WhatIfView:
    """Return what the changes would do to the plan; the server keeps nothing of it."""
    plan = await api.get(f"/v1/plans/{plan_id}")
    asked = read_what_if(words, [step["key"] for step in plan["steps"]], [t["key"] for t in plan["targets"]])
    if asked.add:
        raise CommandFailed("--what-if add: Another target can only be tried with a case file.")
    started = {step["key"]: step["start"] for step in plan["steps"] if step["state"] != "to_do"}
    question = {
        "reports": {key: _report(report, started.get(key)) for key, report in asked.reports.items()},
        "durations": asked.durations,
        "drop": asked.drop,
        "today": asked.today.isoformat() if asked.today else None,
    }
    return _what_if(words, await api.post(f"/v1/plans/{plan_id}/what-ifs", question))


def _report(report: Report, started: str | None) -> dict[str, str | None]:
    started_on = report.started_on.isoformat() if report.started_on else started
    return {"started_on": started_on, "finished_on": report.finished_on.isoformat() if report.finished_on else None}


def _what_if(asked: list[str], answer: Data) -> WhatIfView:
    changed = answer["changed"]
    return WhatIfView(
        asked=tuple(asked),
        outlooks=tuple(
            OutlookMove(
                one["target"],
                one["title"],
                one["before"],
                one["after"],
                one["slack_before"],
                one["slack_after"],
                _safe(one["next_safe"]),
            )
            for one in changed["outlooks"]
        ),
        moves=tuple(
            MoveView(
                move["key"],
                move["title"],
                date.fromisoformat(move["before"]),
                date.fromisoformat(move["after"]),
                move["days"],
            )
            for move in changed["moves"]
        ),
        appear=tuple(changed["appear"]),
        vanish=tuple(changed["vanish"]),
    )
