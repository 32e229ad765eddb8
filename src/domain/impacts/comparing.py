"""What changes between two rulebooks for students at hand: a pure question, with a server or without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..documents.checklist import CheckedItem
from ..documents.judging import Usability
from ..funding.need import MoneyNeed
from ..matching.verdict import Standing
from ..planning.schedule import Outcome, Outlook, Schedule
from ..planning.what_if import compare
from ..rulebook.pack import Rulebook
from ..shared.errors import Params, ParamValue
from ..shared.ids import PlanId
from ..shared.money import Money
from .changes import About, ImpactChange, StudentImpact, worst_first
from .working_out import PlanCase, PlanView, Stuck, StudentCase, standings_of, view_of

_LOST, _LATE, _AT_RISK, _MORE_MONEY, _WORSE_PAPER, _OTHER_PATHWAY = 1000, 800, 500, 300, 250, 100
_WORSE_VERDICT = 200
_MOST_FOR_DAYS = 99
"""No number of days is as bad as another pathway."""

_OUTCOMES = {Outcome.ON_TIME: 0, Outcome.AT_RISK: _AT_RISK, Outcome.LATE: _LATE, Outcome.LOST: _LOST}
_STILL_GOOD = (Usability.USABLE, Usability.ANSWERED)


def impact_of(before: Rulebook, after: Rulebook, cases: Iterable[StudentCase]) -> Iterator[StudentImpact]:
    """Yield for each student for whom anything changes what it is, in the order of the cases.

    Equal cases and rulebooks give equal answers: nothing in here reads a clock.
    """
    for case in cases:
        changes = worst_first(_changes(before, after, case))
        if changes:
            yield StudentImpact(case.student_id, changes)


def _changes(before: Rulebook, after: Rulebook, case: StudentCase) -> Iterator[ImpactChange]:
    for plan in case.plans:
        yield from _of_plan(plan, view_of(case, plan, before), view_of(case, plan, after))
    old, new = standings_of(case, before), standings_of(case, after)
    for programme in case.programmes:
        yield from _verdict(programme.name, old[programme.key], new[programme.key])


def _of_plan(plan: PlanCase, old: PlanView | Stuck, new: PlanView | Stuck) -> Iterator[ImpactChange]:
    if isinstance(new, Stuck):
        if not isinstance(old, Stuck):
            because = ", ".join(dict.fromkeys(reason.code for reason in new.reasons))
            yield ImpactChange(About.PLAN, "impact.plan_lost", {"because": because}, _LOST, plan.id)
        return
    if isinstance(old, Stuck):
        yield ImpactChange(About.PLAN, "impact.plan_found", {}, 0, plan.id)
        return
    if old.pathway.id != new.pathway.id:
        params: Params = {"pathway_before": old.pathway.id, "pathway": new.pathway.id}
        yield ImpactChange(About.PLAN, "impact.pathway_changed", params, _OTHER_PATHWAY, plan.id)
    yield from _outlooks(plan.id, old.schedule, new.schedule)
    yield from _steps(plan.id, old.schedule, new.schedule)
    for rule in dict.fromkeys([*old.money, *new.money]):
        proof = {**old.proofs, **new.proofs}[rule]
        yield from _money(plan.id, proof, old.money.get(rule), new.money.get(rule))
    for code in dict.fromkeys([*old.papers, *new.papers]):
        yield from _paper(plan.id, old.papers.get(code), new.papers.get(code))


def _outlooks(plan_id: PlanId, old: Schedule, new: Schedule) -> Iterator[ImpactChange]:
    stood = {outlook.target.key: outlook for outlook in old.outlooks}
    for outlook in new.outlooks:
        if (was := stood.get(outlook.target.key)) is not None:
            yield from _outlook(plan_id, was, outlook)


def _outlook(plan_id: PlanId, was: Outlook, now: Outlook) -> Iterator[ImpactChange]:
    title = now.target.title
    if was.outcome is not now.outcome:
        badness = max(0, _OUTCOMES[now.outcome] - _OUTCOMES[was.outcome])
        params: Params = {"target": title, "before": was.outcome.value, "after": now.outcome.value}
        yield ImpactChange(About.OUTCOME, f"impact.becomes_{now.outcome.value}", params, badness, plan_id)
    if was.slack != now.slack:
        days = abs(now.slack - was.slack)
        code, badness = ("slack_less", min(days, _MOST_FOR_DAYS)) if now.slack < was.slack else ("slack_more", 0)
        yield ImpactChange(
            About.DATES, f"impact.{code}", {"target": title, "days": days, "after": now.slack}, badness, plan_id
        )
    if was.arrives_on != now.arrives_on:
        days = (now.arrives_on - was.arrives_on).days
        params = {"target": title, "before": was.arrives_on.isoformat(), "after": now.arrives_on.isoformat()}
        code, badness = ("arrives_later", min(days, _MOST_FOR_DAYS)) if days > 0 else ("arrives_earlier", 0)
        yield ImpactChange(About.DATES, f"impact.{code}", params, badness, plan_id)


def _steps(plan_id: PlanId, old: Schedule, new: Schedule) -> Iterator[ImpactChange]:
    found = compare(old, new)
    params: Params = {"moved": len(found.moves), "new": len(found.appear), "gone": len(found.vanish)}
    if any(params.values()):
        yield ImpactChange(About.DATES, "impact.steps_changed", params, min(len(found.appear), 20), plan_id)


def _money(plan_id: PlanId, proof: Params, was: MoneyNeed | None, now: MoneyNeed | None) -> Iterator[ImpactChange]:
    if now is None:
        if was is not None:
            params: Params = {**proof, "before": str(was.amount)}
            yield ImpactChange(About.MONEY, "impact.money_gone", params, 0, plan_id)
        return
    if was is not None and was.amount == now.amount:
        return
    said: dict[str, ParamValue] = {**proof, "after": str(now.amount), "due": now.on.isoformat()}
    if was is None:
        change, top_up = "money_new", now.amount
    elif was.amount.currency != now.amount.currency:
        change, top_up = "money_other_currency", now.amount
    elif was.amount.minor > now.amount.minor:
        change, top_up = "money_less", None
    else:
        change, top_up = "money_more", Money(now.amount.minor - was.amount.minor, now.amount.currency)
    if was is not None:
        said["before"] = str(was.amount)
    if top_up is None:
        yield ImpactChange(About.MONEY, f"impact.{change}", said, 0, plan_id)
    else:
        said["top_up"] = str(top_up)
        yield ImpactChange(About.MONEY, f"impact.{change}", said, _MORE_MONEY, plan_id, now.on)


def _verdict(programme: str, was: Standing, now: Standing) -> Iterator[ImpactChange]:
    if was is now:
        return
    params: Params = {"programme": programme, "before": was.word, "after": now.word}
    yield ImpactChange(About.VERDICT, f"impact.verdict_now_{now.word}", params, max(0, was - now) * _WORSE_VERDICT)


def _paper(plan_id: PlanId, was: CheckedItem | None, now: CheckedItem | None) -> Iterator[ImpactChange]:
    item = (now or was).item  # type: ignore[union-attr]  # one of them is there
    needed_before, needs = was is not None and was.needed is not False, now is not None and now.needed is not False
    params: Params = {"paper": item.title, "paper_bn": item.title_bn or item.title}
    if needed_before != needs:
        code, badness = ("paper_needed", _WORSE_PAPER) if needs else ("paper_not_needed", 0)
        yield ImpactChange(About.PAPER, f"impact.{code}", params, badness, plan_id)
    elif needs and was is not None and now is not None:
        before, after = was.judgement.usability, now.judgement.usability
        if before is not after:
            worse = before in _STILL_GOOD and after not in _STILL_GOOD
            params = {**params, "before": before.value, "after": after.value, "on": now.judgement.on.isoformat()}
            code = "impact.paper_no_longer_good" if worse else "impact.paper_judged_otherwise"
            yield ImpactChange(About.PAPER, code, params, _WORSE_PAPER if worse else 0, plan_id)
