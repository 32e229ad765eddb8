"""What is shown behind a case's plan: deadlines, money, papers, questions, and what it leans on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ....domain.catalogue.intake import DatedDeadline, DeadlineKind
from ....domain.catalogue.programme import Programme
from ....domain.documents.checklist import CheckedItem
from ....domain.funding.need import MoneyNeed
from ....domain.planning.leaning import papers_lean_on, plan_leans_on
from ....domain.planning.renewal import renewal_notices
from ....domain.planning.routes import visa_notices
from ....domain.planning.schedule import Schedule, State
from ....domain.planning.target import Target, apply_by
from ....domain.planning.target_case import (
    CheckedPapers,
    check_papers,
    notices_of,
    of_each_country,
)
from ....domain.planning.within_reach import reach_notices
from ....domain.rulebook.facts import Fact
from ....domain.rulebook.free_entry import needs_visa
from ....domain.rulebook.leaning import packs_leaned_on, warnings_for
from ....domain.shared.errors import Reason
from ..matches.match_of_case import evidence_of
from ..words import Words, say
from .plan_view import (
    DeadlineView,
    FactView,
    LeansOn,
    MoneyView,
    PackView,
    PapersView,
    PaperView,
    QuestionView,
    StepName,
)
from .planning_case import Planned, has_applied


def deadlines_of(planned: Planned) -> Iterator[DeadlineView]:
    """Yield what is still to be met for each target, the earliest first."""
    programmes = {programme.id: programme for programme in planned.bundle.programmes.values()}
    found = [
        _deadline(dated, target, planned)
        for target in planned.case.targets
        for dated in _dated(programmes[target.ref.programme_id], target, planned)
    ]
    yield from sorted(found, key=lambda deadline: (deadline.home, deadline.target, deadline.kind))


def _dated(programme: Programme, target: Target, planned: Planned) -> Iterator[DatedDeadline]:
    intake = programme.intake(target.ref.term, target.starts_on)
    if intake is not None:
        people, rulebook = planned.case.profile.citizenships, planned.bundle.rulebook
        visa = needs_visa(target.country, people, rulebook, target.starts_on)
        for kind in DeadlineKind:
            deadline = intake.deadline(kind, target.starts_on.year, visa_required=visa)
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
        met=stated.kind is DeadlineKind.APPLICATION and has_applied(target, planned),
        confidence=stated.confidence.value,
        source_title=stated.source.title,
        source_url=stated.source.url,
        read_on=stated.source.retrieved_on,
    )


def needs_of(planned: Planned) -> tuple[tuple[Target, MoneyNeed], ...]:
    """Return the money to show, in the country of the lead first."""
    programmes = {programme.id: programme for programme in planned.bundle.programmes.values()}
    return tuple(
        (case.target, need)
        for case in of_each_country(planned.cases)
        for need in case.money(programmes[case.target.ref.programme_id].tuition_a_year, planned.bundle.rulebook)
    )


def money_view(target: Target, need: MoneyNeed, planned: Planned, words: Words) -> MoneyView:
    return MoneyView(
        rule=need.rule,
        country=words.messages.name("country", target.country),
        target=target.title,
        amount=f"{need.amount.amount:f}",
        currency=need.amount.currency,
        a_month=f"{need.a_month.amount:f}" if need.a_month else "",
        months=need.months,
        on=need.on,
        tuition_too=need.tuition_too,
        tuition_counted=need.tuition_counted is True,
        proofs=tuple(words.paper(code) for code in need.proofs),
        confidence=need.confidence.value,
        facts=tuple(_fact(planned.bundle.rulebook.fact(fact_id), words) for fact_id in need.rests_on),
    )


def _fact(fact: Fact, words: Words) -> FactView:
    return FactView(
        id=fact.id,
        value=str(fact.value),
        unit=fact.unit,
        valid_from=fact.valid_from,
        valid_to=fact.valid_to,
        figure=words.figure(fact),
        note=words.text(fact, "note"),
        confidence=fact.confidence.value,
        source_title=words.text(fact.source),
        source_url=fact.source.url,
        read_on=fact.source.retrieved_on,
    )


def papers_view(checked: CheckedPapers, planned: Planned, words: Words) -> PapersView:
    checklist = checked.checklist
    return PapersView(
        country=words.messages.name("country", _target_of(checked.target, planned).country),
        title=words.text(checklist),
        version=checklist.version,
        authority=checklist.authority,
        used_on=checked.used_on,
        listed=planned.case.papers is not None,
        confidence=checklist.confidence.value,
        source_title=words.text(checklist.source),
        source_url=checklist.source.url,
        items=tuple(_paper(item, words) for item in checked.items),
        rules=tuple(words.text(rule, "text") for rule in checklist.rules),
    )


def _target_of(key: str, planned: Planned) -> Target:
    return next(target for target in planned.case.targets if target.key == key)


def checked_papers(planned: Planned) -> tuple[CheckedPapers, ...]:
    """Return the papers of each country whose mission has a checklist, those of the lead's first."""
    rulebook, today = planned.bundle.rulebook, planned.schedule.today
    cases = of_each_country(planned.cases)
    found = [check_papers(case, planned.documents, rulebook, today) for case in cases]
    return tuple(one for one in found if one is not None)


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


def questions_of(
    schedule: Schedule, checked: Iterable[CheckedItem], needs: Iterable[MoneyNeed], words: Words
) -> tuple[QuestionView, ...]:
    """Return the circumstances that a step, a paper or the money depends on and that nobody has stated."""
    asked = [name for step in schedule.steps for name in step.task.depends_on_unknown]
    asked += [name for item in checked for name in item.depends_on]
    asked += [name for need in needs for name in need.depends_on]
    return tuple(QuestionView(name, words.messages.name("circumstance", name)) for name in dict.fromkeys(asked))


def notices_on_the_way(planned: Planned) -> Iterator[Reason]:
    """Yield what is within reach of a plan that comes too late, what follows from needing no visa, what there is to
    know of money and papers, which of them name an earlier passport, and what of the evidence runs out on the way."""
    profile, rulebook = planned.case.profile, planned.bundle.rulebook
    ways = {case.target.key: case.pathway for case in planned.cases}
    yield from reach_notices(planned.schedule)
    yield from visa_notices(planned.case.targets, ways, profile, rulebook)
    for case in of_each_country(planned.cases):
        yield from case.to_know(rulebook)
    yield from renewal_notices(planned.cases, planned.schedule, profile, planned.documents, rulebook)
    programmes = {programme.id: programme for programme in planned.bundle.programmes.values()}
    evidence = evidence_of(planned.case, planned.documents, planned.bundle.rulebook, planned.schedule.today)
    for case in planned.cases:
        yield from notices_of(case, programmes[case.target.ref.programme_id], evidence, planned.bundle.rulebook)


def leans_on(planned: Planned, checked: Sequence[CheckedPapers], words: Words) -> LeansOn:
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
        unverified_facts=tuple(_fact(fact, planned.words) for fact in doubtful),
        packs=tuple(
            PackView(pack.id, pack.version, pack.review_by, pack.is_stale(schedule.today), pack.sha256)
            for pack in packs_leaned_on(rulebook, leaned_on(planned, checked))
        ),
        zones=schedule.zones,
        warnings=(*_warnings(planned), *_of_rules(planned, checked, {fact.id for fact in doubtful}, words)),
    )


def _of_rules(planned: Planned, checked: Sequence[CheckedPapers], told: set[str], words: Words) -> Iterator[str]:
    """Yield what else is unverified of what the plan, its money and its papers lean on; stale packs are listed."""
    rulebook = planned.bundle.rulebook
    for warning in warnings_for(rulebook, leaned_on(planned, checked), planned.schedule.today):
        code, _, about = warning.partition(":")
        if code != "pack.stale" and about not in told:
            yield words.sentence(code, {"about": about})


def leaned_on(planned: Planned, checked: Sequence[CheckedPapers]) -> tuple[str, ...]:
    """Return the names of all records that the plan, its money and its papers lean on."""
    needs = [need for _, need in needs_of(planned)]
    names = plan_leans_on(planned.schedule, needs, planned.bundle.rulebook)
    papers = [name for one in checked for name in papers_lean_on(one.checklist, one.items)]
    return tuple(dict.fromkeys((*names, *papers)))


def _warnings(planned: Planned) -> Iterator[str]:
    programmes = {programme.id: programme for programme in planned.bundle.programmes.values()}
    for target in planned.case.targets:
        programme = programmes[target.ref.programme_id]
        if programme.synthetic:
            yield f"{target.title}: {planned.words.sentence('programme.synthetic')}"
        if not programme.confidence.is_verified:
            yield f"{target.title}: {planned.words.sentence('programme.unverified')}"
        if target.apply_by is None:
            yield f"{target.title}: {say('no_apply_by')}"
