"""From a case to what is shown of its plan, by the domain alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ....adapters.bundled.told import told_outlook
from ....domain.catalogue.intake import DatedDeadline, DeadlineKind
from ....domain.catalogue.programme import Programme
from ....domain.documents.checklist import CheckedItem, check_items
from ....domain.documents.document import Document
from ....domain.funding.need import MoneyNeed, money_needs
from ....domain.planning.case import Case
from ....domain.planning.leaning import papers_lean_on, plan_leans_on
from ....domain.planning.making import Surroundings, find_pathway, situation_of
from ....domain.planning.schedule import Outlook, PlannedStep, Schedule, State
from ....domain.planning.scheduling import make_schedule
from ....domain.planning.target import LaterStart, Target, apply_by
from ....domain.planning.views import Action, todays_actions
from ....domain.rulebook.conditions import Circumstance
from ....domain.rulebook.facts import Fact
from ....domain.rulebook.leaning import warnings_for
from ....domain.rulebook.pathways import Pathway
from ..bundle import Bundle
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


@dataclass(frozen=True)
class Planned:
    """A case with its schedule and everything that was needed for it."""

    case: Case
    bundle: Bundle
    pathway: Pathway
    schedule: Schedule
    circumstances: Mapping[str, Circumstance]
    documents: Sequence[Document]

    @property
    def words(self) -> Words:
        """Sentences that call the steps by their titles."""
        plain = Words(self.bundle.rulebook)
        titles = {step.key: plain.text(step.task.step) for step in self.schedule.steps}
        return Words(self.bundle.rulebook, titles)


def plan_case(case: Case, documents: Sequence[Document], bundle: Bundle, today: date) -> Planned:
    """Return the case's schedule for the day; raise RuleBroken where no pathway leads to its targets."""
    rulebook = bundle.rulebook
    around = Surroundings(bundle.calendars.closed_days, documents)
    pathway = find_pathway(case.targets, case.profile, rulebook)
    situation = situation_of(case.targets, pathway, case.profile, rulebook, today, case.reports, case.durations, around)
    schedule = make_schedule(situation, pathway, rulebook, bundle.zones.version)
    circumstances = {**situation.circumstances, **schedule.lead.circumstances}
    return Planned(case, bundle, rulebook.pathways[schedule.pathway], schedule, circumstances, documents)


def view_of(planned: Planned) -> PlanView:
    """Return everything that is shown of the plan."""
    schedule, words = planned.schedule, planned.words
    short = {target.key: _short(target, planned) for target in planned.case.targets}
    steps = {step.key: _step(step, words, short) for step in schedule.steps}
    today = todays_actions(schedule)
    papers, checked = _papers(planned, words)
    residence = planned.case.profile.residence
    lead, *others = (_target(outlook, planned, words) for outlook in schedule.outlooks)
    return PlanView(
        name=planned.case.profile.name,
        home=(residence.city or residence.country) if residence else "",
        today=schedule.today,
        lead=lead,
        others=tuple(others),
        next=_action(today.next, steps, words) if today.next else None,
        ready=tuple(_action(action, steps, words) for action in today.ready),
        waiting=tuple(_action(action, steps, words) for action in today.waiting),
        steps=tuple(steps.values()),
        deadlines=tuple(_deadlines(planned)),
        money=tuple(_money(need, planned, words) for need in _needs(planned)),
        papers=papers,
        questions=_questions(schedule, checked, _needs(planned), words),
        leans_on=_leans_on(planned, checked, words),
    )


def _target(outlook: Outlook, planned: Planned, words: Words) -> TargetView:
    target = outlook.target
    titles = {step.code: words.text(step) for way in planned.bundle.rulebook.pathways.values() for step in way.steps}
    titles.update({step.code: words.text(step) for step in planned.pathway.steps})
    return TargetView(
        key=target.key,
        title=target.title,
        short=_short(target, planned),
        starts_on=target.starts_on,
        outcome=outlook.outcome.value,
        arrives_on=outlook.arrives_on,
        slack=outlook.slack,
        apply_by=target.apply_by.last_day if target.apply_by else None,
        applied=_has_applied(target, planned),
        chain=tuple(StepName(key, titles[key.partition("@")[0]]) for key in outlook.chain),
        because=tuple(words.reason(reason) for reason in outlook.reasons),
        next_safe=safe_start(outlook.next_safe),
        summary=told_outlook(outlook, planned.schedule, words.messages),
    )


def safe_start(later: LaterStart | None) -> SafeStart | None:
    """Return the later start as it is shown."""
    if later is None:
        return None
    return SafeStart(later.term, later.starts_on, later.apply_by.last_day if later.apply_by else None)


def _short(target: Target, planned: Planned) -> str:
    """Return the institution's name, or the whole title where two targets are at one institution."""
    programmes = {programme.id: programme for programme in planned.bundle.programmes.values()}
    names = [programmes[other.ref.programme_id].institution.name for other in planned.case.targets]
    own = programmes[target.ref.programme_id].institution.name
    return own if names.count(own) == 1 else target.title


def _has_applied(target: Target, planned: Planned) -> bool:
    days = planned.schedule.days[target.key]
    return any(days.setting.done[at] for at, key in days.network.applications if key == target.key)


def _step(step: PlannedStep, words: Words, short: Mapping[str, str]) -> StepView:
    definition = step.task.step
    return StepView(
        key=step.key,
        code=definition.code,
        title=words.text(definition),
        target=short[step.task.target.key] if step.task.target else "",
        who=definition.owner,
        kind=definition.kind.value,
        state=step.state.value,
        start=step.start,
        finish=step.finish,
        latest_finish=step.latest_finish,
        room=step.slack,
        decides=step.critical,
        least_days=definition.duration.least,
        typical_days=definition.duration.typical,
        most_days=definition.duration.most,
        advice=words.text(definition, "advice"),
        due=words.reason(step.due) if step.due else "",
        depends_on_unknown=step.task.depends_on_unknown,
        confidence=definition.confidence.value,
        source=definition.source.title,
        irreversible=definition.irreversible,
        gate=words.reason(step.gate) if step.gate else "",
        answered=words.reason(step.answered) if step.answered else "",
    )


def _action(action: Action, steps: Mapping[str, StepView], words: Words) -> ActionView:
    held_up = tuple(StepName(key, steps[key].title) for key in action.holds_up)
    return ActionView(steps[action.step.key], words.sentence(action.why), held_up)


def _deadlines(planned: Planned) -> Iterator[DeadlineView]:
    """Yield what is still to be met for each target, the earliest first."""
    programmes = {programme.id: programme for programme in planned.bundle.programmes.values()}
    found = [
        _deadline(dated, target, planned)
        for target in planned.case.targets
        for dated in _dated(programmes[target.ref.programme_id], target)
    ]
    yield from sorted(found, key=lambda deadline: (deadline.home, deadline.target, deadline.kind))


def _dated(programme: Programme, target: Target) -> Iterator[DatedDeadline]:
    intake = programme.intake(target.ref.term, target.starts_on)
    if intake is not None:
        for kind in DeadlineKind:
            deadline = intake.deadline(kind, target.starts_on.year)
            if deadline is not None:
                yield deadline


def _deadline(dated: DatedDeadline, target: Target, planned: Planned) -> DeadlineView:
    residence = planned.case.profile.residence
    home_zone = residence.zone if residence else "UTC"
    home = planned.bundle.zones.named(home_zone)
    instant = dated.last.instant(planned.bundle.zones.named)
    last_day = apply_by(dated, planned.bundle.zones.named, home_zone).last_day
    stated = dated.stated
    return DeadlineView(
        target=target.key,
        title=target.title,
        kind=stated.kind.value,
        local=dated.last.local,
        zone=dated.last.zone,
        home=instant.astimezone(home).replace(tzinfo=None),
        home_zone=home_zone,
        time_stated=stated.at is not None,
        basis=stated.basis.value,
        opens_on=dated.opens_on,
        last_day=last_day,
        days_left=(last_day - planned.schedule.today).days,
        met=stated.kind is DeadlineKind.APPLICATION and _has_applied(target, planned),
        confidence=stated.confidence.value,
        source_title=stated.source.title,
        source_url=stated.source.url,
        read_on=stated.source.retrieved_on,
    )


def _needs(planned: Planned) -> tuple[MoneyNeed, ...]:
    lead = planned.schedule.lead
    programme = next(p for p in planned.bundle.programmes.values() if p.id == lead.ref.programme_id)
    lodged = planned.schedule.lodged_on(planned.pathway)
    tuition = programme.tuition_a_year
    return money_needs(lead.country, lead.level, lodged, planned.circumstances, tuition, planned.bundle.rulebook)


def _money(need: MoneyNeed, planned: Planned, words: Words) -> MoneyView:
    return MoneyView(
        rule=need.rule,
        amount=f"{need.amount.amount:f}",
        currency=need.amount.currency,
        a_month=f"{need.a_month.amount:f}" if need.a_month else "",
        months=need.months,
        on=need.on,
        tuition_too=need.tuition_too,
        tuition_counted=need.tuition_counted is True,
        proofs=tuple(words.paper(code) for code in need.proofs),
        confidence=need.confidence.value,
        facts=tuple(_fact(planned.bundle.rulebook.fact(fact_id)) for fact_id in need.rests_on),
    )


def _fact(fact: Fact) -> FactView:
    return FactView(
        id=fact.id,
        value=str(fact.value),
        unit=fact.unit,
        valid_from=fact.valid_from,
        valid_to=fact.valid_to,
        note=fact.note,
        confidence=fact.confidence.value,
        source_title=fact.source.title,
        source_url=fact.source.url,
        read_on=fact.source.retrieved_on,
    )


def _papers(planned: Planned, words: Words) -> tuple[PapersView | None, tuple[CheckedItem, ...]]:
    checklist = planned.bundle.rulebook.checklists.get(planned.pathway.checklist)
    if checklist is None:
        return None, ()
    used = planned.schedule.step(checklist.used_at)
    on = used.start if used else planned.schedule.today
    kinds = planned.bundle.rulebook.document_kinds
    checked = check_items(checklist, planned.circumstances, planned.documents, kinds, on)
    view = PapersView(
        title=words.text(checklist),
        version=checklist.version,
        authority=checklist.authority,
        used_on=on,
        listed=planned.case.papers is not None,
        confidence=checklist.confidence.value,
        source_title=checklist.source.title,
        source_url=checklist.source.url,
        items=tuple(_paper(item, words) for item in checked),
        rules=tuple(words.text(rule, "text") for rule in checklist.rules),
    )
    return view, checked


def _paper(checked: CheckedItem, words: Words) -> PaperView:
    item = checked.item
    return PaperView(
        order=item.order,
        section=item.section,
        code=item.code,
        title=words.text(item),
        needed=checked.needed,
        depends_on=checked.depends_on,
        standing=checked.judgement.usability.value,
        says=words.reason(checked.judgement.reason),
        good_until=checked.judgement.good_until,
        also=tuple(words.paper(code) for code in checked.adds),
        originals=item.original,
        copies=item.copies,
        note=words.text(item, "note"),
    )


def _questions(
    schedule: Schedule, checked: Iterable[CheckedItem], needs: Iterable[MoneyNeed], words: Words
) -> tuple[QuestionView, ...]:
    """Return the circumstances that a step, a paper or the money depends on and that nobody has stated."""
    asked = [name for step in schedule.steps for name in step.task.depends_on_unknown]
    asked += [name for item in checked for name in item.depends_on]
    asked += [name for need in needs for name in need.depends_on]
    return tuple(QuestionView(name, words.messages.name("circumstance", name)) for name in dict.fromkeys(asked))


def _leans_on(planned: Planned, checked: Sequence[CheckedItem], words: Words) -> LeansOn:
    schedule, rulebook = planned.schedule, planned.bundle.rulebook
    open_steps = [step for step in schedule.steps if step.state is not State.DONE]
    unverified = [
        s for s in open_steps if not s.task.step.confidence.is_verified and s.key not in planned.case.durations
    ]
    names = dict.fromkeys(StepName(step.task.step.code, planned.words.text(step.task.step)) for step in unverified)
    fact_ids = dict.fromkeys(fact_id for step in open_steps for fact_id in step.task.step.facts)
    facts = [rulebook.fact(fact_id) for fact_id in fact_ids]
    doubtful = [fact for fact in facts if not fact.confidence.is_verified and fact.holds_on(schedule.today)]
    return LeansOn(
        unverified_steps=tuple(names),
        unverified_facts=tuple(_fact(fact) for fact in doubtful),
        packs=tuple(
            PackView(pack.id, pack.version, pack.review_by, pack.is_stale(schedule.today), pack.sha256)
            for pack in rulebook.packs
        ),
        zones=schedule.zones,
        warnings=(*_warnings(planned), *_of_rules(planned, checked, {fact.id for fact in doubtful}, words)),
    )


def _of_rules(planned: Planned, checked: Sequence[CheckedItem], told: set[str], words: Words) -> Iterator[str]:
    """Yield what else is unverified of what the plan, its money and its papers lean on; stale packs are listed."""
    rulebook = planned.bundle.rulebook
    names = list(plan_leans_on(planned.schedule, _needs(planned), rulebook))
    checklist = rulebook.checklists.get(planned.pathway.checklist)
    if checklist is not None:
        names += papers_lean_on(checklist, checked)
    for warning in warnings_for(rulebook, names, planned.schedule.today):
        code, _, about = warning.partition(":")
        if code != "pack.stale" and about not in told:
            yield words.sentence(code, {"about": about})


def _warnings(planned: Planned) -> Iterator[str]:
    programmes = {programme.id: programme for programme in planned.bundle.programmes.values()}
    for target in planned.case.targets:
        programme = programmes[target.ref.programme_id]
        if programme.synthetic:
            yield f"{target.title}: {planned.words.sentence('programme.synthetic')}"
        if not programme.confidence.is_verified:
            yield f"{target.title}: {planned.words.sentence('programme.unverified')}"
        if target.apply_by is None:
            yield f"{target.title}: No application deadline is known; look it up first."
