"""What other packs would change is known before they are switched on, and nobody is counted twice."""

import pytest
from rule_worlds import RuleWorld, bundled_text, germany, slower
from worlds import owned

from higherstudy.adapters.bundled.messages import Messages
from higherstudy.domain.audit.query import Query
from higherstudy.domain.catalogue.intake import Audience, Day
from higherstudy.domain.impacts.changes import About
from higherstudy.domain.impacts.events import PlanMoved
from higherstudy.domain.impacts.impact import State
from higherstudy.domain.impacts.use_cases import WORK_OUT, GetImpact, RequestImpact, WorkOutImpact
from higherstudy.domain.rulebook.use_cases.proposing import Proposal
from higherstudy.domain.shared.errors import Conflict, Forbidden, NotFound, RuleBroken
from higherstudy.domain.shared.ids import EventId, ImpactId
from study_builders import deadline, programme, winter


async def _nothing(_: int = 0) -> None:
    return


async def test_a_higher_amount_says_who_must_top_up_by_how_much_and_by_when() -> None:
    rules = RuleWorld()
    asker, plan_id = await rules.student_with_a_plan()
    await rules.world.student("without-a-plan@example.org")

    impact = await rules.impact(await rules.propose(germany()))

    _, [found] = await GetImpact(rules.world.transactions)(rules.keeper, impact.id, None, 10)
    [money] = [change for change in found.changes if change.about is About.MONEY]
    plan = await rules.plan(asker, plan_id)
    lodged_on = plan.money[0].on
    assert (impact.state, impact.totals.students, impact.totals.affected, impact.totals.top_up) == (
        State.FINISHED,
        2,
        1,
        1,
    )
    assert found.student_id == owned(asker)
    async with rules.world.transactions() as work:
        seen, *_ = await work.audit_trail.search(Query(student_id=owned(asker), action="impact.seen"), 9)
    assert (seen.entry.actor, seen.entry.subject_id) == (rules.keeper.account_id, impact.id)
    assert (money.code, money.plan_id) == ("impact.money_more", plan_id)
    assert money.params == {
        "proof": "Confirmation of the blocked account (amount blocked)",
        "proof_bn": "ব্লকড অ্যাকাউন্টের নিশ্চয়তাপত্র (টাকা ব্লক করা)",
        "before": "EUR 11,904.00",
        "after": "EUR 12,624.00",
        "top_up": "EUR 720.00",
        "due": lodged_on.isoformat(),
    }
    assert [*map(Messages().reason, impact.summary())] == [
        "This affects 1 of 2 students",
        f"1 must top up, the first of them before {lodged_on.day} {lodged_on:%B %Y}",
    ]


async def test_a_remark_in_a_pack_changes_nothing_for_anybody() -> None:
    rules = RuleWorld()
    await rules.student_with_a_plan()

    impact = await rules.impact(await rules.propose(bundled_text("germany.toml") + "# a remark\n"))

    assert impact.totals.affected == 0
    assert [*map(Messages().reason, impact.summary())] == ["This changes nothing for any of 1 student"]


async def test_a_longer_queue_moves_plans_and_says_whom_it_makes_late() -> None:
    rules = RuleWorld()
    await rules.student_with_a_plan()

    impact = await rules.impact(await rules.propose(slower(2)))

    _, [found] = await GetImpact(rules.world.transactions)(rules.keeper, impact.id, None, 10)
    codes = {change.code for change in found.changes}
    assert "impact.becomes_late" in codes
    assert {"impact.slack_less", "impact.arrives_later", "impact.steps_changed"} <= codes
    assert found.changes[0].code == "impact.becomes_late"
    assert (impact.totals.late, impact.totals.plans_moved) == (1, 1)


async def test_each_side_of_a_report_takes_the_deadline_that_its_own_packs_give_the_student() -> None:
    early = deadline(day=Day(each=(3, 1), years_before=1), audience=Audience.VISA_REQUIRED)
    offered = programme(intakes=(winter(deadlines=(early, deadline())),))
    nobody_needs_one = """
[[facts]]
id = "de.visa_needed.bd"
key = "study.visa_needed"
scope = { country = "DE", nationality = ["BD"] }
value = false
applies_by = "intake_start"
source = "de-anerkennung"
confidence = "M"
"""
    rules = RuleWorld()
    asker, plan_id = await rules.student_with_a_plan(offered=offered)
    proposal = await rules.propose(bundled_text("germany.toml") + nobody_needs_one)

    impact = await rules.impact(proposal)

    before = await rules.plan(asker, plan_id)
    await rules.activate(proposal, reason="an agreement")
    after = await rules.plan(asker, plan_id)
    _, [found] = await GetImpact(rules.world.transactions)(rules.keeper, impact.id, None, 10)
    [outcome] = [change for change in found.changes if change.about is About.OUTCOME]
    assert before.schedule.outlook.reasons[0].code == "late.application_deadline"
    assert (outcome.code, outcome.params["before"]) == ("impact.becomes_at_risk", "late")
    assert after.schedule.outlook.outcome.value == "at_risk"


async def test_a_report_that_was_broken_off_goes_on_and_counts_everybody_once() -> None:
    rules = RuleWorld()
    for number in range(120):
        await rules.world.student(f"student-{number}@example.org")
    asker, _ = await rules.student_with_a_plan("last@example.org")
    begun = await RequestImpact(*rules.parts)(rules.keeper, await rules.propose(germany()))

    async def killed(done: int) -> None:
        raise KeyboardInterrupt

    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            await WorkOutImpact(rules.world.transactions, rules.world.zones)(begun.id, killed, _nothing)
    half, _ = await GetImpact(rules.world.transactions)(rules.keeper, begun.id, None, 10)
    whole = await rules.worked_out(begun.id)

    _, found = await GetImpact(rules.world.transactions)(rules.keeper, begun.id, None, 10)
    assert (half.state, half.totals.students) == (State.RUNNING, 100)
    assert (whole.state, whole.totals.students, whole.totals.affected) == (State.FINISHED, 121, 1)
    assert [one.student_id for one in found] == [owned(asker)]


async def test_two_who_count_at_once_do_not_count_anybody_twice() -> None:
    rules = RuleWorld()
    await rules.student_with_a_plan()
    begun = await RequestImpact(*rules.parts)(rules.keeper, await rules.propose(germany()))
    overtaken = False

    async def overtake() -> None:
        nonlocal overtaken
        if not overtaken:
            overtaken = True
            await rules.worked_out(begun.id)

    with pytest.raises(Conflict):
        await WorkOutImpact(rules.world.transactions, rules.world.zones)(begun.id, _nothing, overtake)

    whole = await rules.worked_out(begun.id)
    assert whole.totals.students == 1


async def test_a_report_is_a_job_that_names_only_an_id() -> None:
    rules = RuleWorld()

    begun = await RequestImpact(*rules.parts)(rules.keeper, await rules.propose(germany()))

    async with rules.world.transactions() as work:
        job = await work.jobs.get(begun.job_id)
    assert (job.name, job.arguments, job.origin.actor) == (WORK_OUT, {"impact": str(begun.id)}, rules.keeper.account_id)


async def test_only_administrators_may_ask_for_reports_and_look_at_them() -> None:
    rules = RuleWorld()
    student, _ = await rules.student_with_a_plan()
    proposal = await rules.propose(germany())
    impact = await rules.impact(proposal)

    with pytest.raises(Forbidden):
        await RequestImpact(*rules.parts)(student, proposal)
    with pytest.raises(Forbidden):
        await GetImpact(rules.world.transactions)(student, impact.id, None, 10)


async def test_a_pack_that_nobody_has_sent_is_named() -> None:
    rules = RuleWorld()

    with pytest.raises(NotFound) as unknown:
        await RequestImpact(*rules.parts)(rules.keeper, Proposal(("e" * 64,)))

    assert [(reason.code, reason.params["sha256"]) for reason in unknown.value.reasons] == [
        ("edition.unknown_pack", "e" * 64)
    ]


async def test_what_is_in_force_already_cannot_be_asked_about() -> None:
    rules = RuleWorld()
    proposal = await rules.propose(bundled_text("germany.toml"))

    with pytest.raises(RuleBroken) as nothing:
        await RequestImpact(*rules.parts)(rules.keeper, proposal)

    assert [reason.code for reason in nothing.value.reasons] == ["edition.changes_nothing"]


async def test_an_edition_in_force_tells_of_each_plan_that_it_moves_once() -> None:
    rules = RuleWorld()
    asker, plan_id = await rules.student_with_a_plan()
    await rules.world.student("without-a-plan@example.org")
    before = await rules.current()
    edition = await rules.activate(await rules.propose(germany()), reason="the amount of the new year")
    event_id = EventId(rules.world.ids.new())

    for _ in range(2):  # as a job may be carried out again
        await rules.follow(edition.activated(before.sha256), event_id)
    jobs = [kept.job for kept in rules.world.store.jobs.rows() if kept.job.name == WORK_OUT]
    for _ in range(2):
        await rules.worked_out(ImpactId(event_id))

    moved = [event for event in await rules.world.events() if isinstance(event, PlanMoved)]
    assert len(jobs) == 1
    assert [(event.plan_id, event.student_id, event.before, event.after) for event in moved] == [
        (plan_id, owned(asker), before.sha256, edition.sha256)
    ]
