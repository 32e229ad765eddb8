"""What must hold for any pathway, any targets and any reports."""

from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from higherstudy.domain.catalogue.intake import Basis
from higherstudy.domain.planning.schedule import Outcome, Report, Schedule, State
from higherstudy.domain.planning.scheduling import make_schedule
from higherstudy.domain.planning.situation import Situation
from higherstudy.domain.planning.target import ApplyBy, Target, TargetRef
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.pathways import Duration, Pathway, StepDefinition, StepKind, StepScope
from higherstudy.domain.shared.ids import ProgrammeId
from higherstudy.domain.shared.sources import Confidence
from laws import cases
from study_builders import PAGE

TODAY = date(2026, 11, 23)
NO_RULES = Rulebook(())


@st.composite
def pathways(draw: st.DrawFn) -> Pathway:
    """Return steps S0 to Sn in which each waits for some before it; all lead to the last, the arrival."""
    count = draw(st.integers(3, 12))
    steps = []
    for index in range(count):
        before = st.sampled_from([f"S{earlier}" for earlier in range(index)]) if index else st.nothing()
        after = tuple(sorted(draw(st.sets(before, max_size=3)))) if index else ()
        low = draw(st.integers(0, 20))
        typical = low + draw(st.integers(0, 100))
        steps.append(
            StepDefinition(
                code=f"S{index}",
                title=f"Step {index}",
                after=tuple(f"S{earlier}" for earlier in range(index)) if index == count - 1 else after,
                scope=draw(st.sampled_from(StepScope)) if 0 < index < count - 1 else StepScope.SHARED,
                kind=draw(st.sampled_from([StepKind.TASK, StepKind.WAIT, StepKind.QUEUE])),
                owner="student",
                duration=Duration(typical, low, draw(st.none() | st.integers(typical, typical + 200))),
                source=PAGE,
                confidence=Confidence.HIGH,
            )
        )
    middle = f"S{count // 2}"
    return Pathway(
        "way", "Way", "DE", "", (), "master", middle, middle, f"S{count - 2}", f"S{count - 1}", "", tuple(steps)
    )


def target(number: int, begins_in: int, deadline_in: int | None) -> Target:
    starts = TODAY + timedelta(days=begins_in)
    last = None if deadline_in is None else TODAY + timedelta(days=deadline_in)
    apply_by = ApplyBy(last, str(last), "Europe/Berlin", Basis.RECEIVED, Confidence.HIGH, False, PAGE) if last else None
    ref = TargetRef(ProgrammeId(UUID(int=number)), "winter", starts)
    return Target(f"t{number}", ref, f"Target {number}", "DE", "master", starts, apply_by)


TARGETS = st.lists(st.tuples(st.integers(30, 900), st.none() | st.integers(0, 400)), min_size=1, max_size=4).map(
    lambda found: tuple(target(number, *days) for number, days in enumerate(found))
)


@st.composite
def situations(draw: st.DrawFn) -> tuple[Situation, Pathway]:
    pathway, targets = draw(pathways()), draw(TARGETS)
    reports: dict[str, Report] = {}
    for step in pathway.steps:
        if step.scope is StepScope.SHARED and all(before in reports for before in step.after) and draw(st.booleans()):
            begun = TODAY - timedelta(days=draw(st.integers(0, 300)))
            if draw(st.booleans()):
                reports[step.code] = Report(begun, begun + timedelta(days=draw(st.integers(0, (TODAY - begun).days))))
            else:
                reports[step.code] = Report(begun)
                break
    return Situation(TODAY, targets, reports, {}, {}, {}), pathway


def made(found: tuple[Situation, Pathway]) -> Schedule:
    return make_schedule(found[0], found[1], NO_RULES, "sample")


@cases(180)
@given(situations())
def test_no_open_step_begins_before_its_predecessors_are_done(found: tuple[Situation, Pathway]) -> None:
    plan = made(found)
    finish = {step.key: step.finish for step in plan.steps}

    for step in plan.steps:
        if step.state is State.TO_DO:
            assert step.start >= max((finish[before] for before in step.task.after), default=TODAY)
            assert step.start >= TODAY


@cases(180)
@given(situations())
def test_reported_days_pin_their_steps(found: tuple[Situation, Pathway]) -> None:
    plan = made(found)

    for key, report in found[0].reports.items():
        step = plan.step(key)
        if step is not None and report.finished_on is not None:
            assert step.finish == report.finished_on


@cases(180)
@given(situations())
def test_what_is_late_is_said_to_be_late_with_its_days_and_nothing_else_is(found: tuple[Situation, Pathway]) -> None:
    for outlook in made(found).outlooks:
        over = (outlook.arrives_on - outlook.target.starts_on).days
        said = [reason for reason in outlook.reasons if reason.code == "late.arrival"]
        assert (over > 0) == bool(said)
        assert outlook.slack == -over
        if said:
            assert outlook.outcome is Outcome.LATE
            assert said[0].params["days"] == over


@cases(180)
@given(situations())
def test_a_missed_deadline_is_named_exactly_when_the_application_comes_after_it(
    found: tuple[Situation, Pathway],
) -> None:
    plan = made(found)
    key = next((s.key for s in plan.steps if s.task.step.code == found[1].application_step and s.task.target), None)
    step = plan.step(key) if key and key.endswith(plan.lead.key) else None
    if step is None or plan.lead.apply_by is None or step.state is State.DONE:
        return

    said = [reason for reason in plan.outlook.reasons if reason.code == "late.application_deadline"]

    assert bool(said) == (step.finish > plan.lead.apply_by.last_day)


@cases(180)
@given(situations())
def test_using_up_the_slack_of_a_step_delays_nothing_that_is_due_and_one_day_more_does(
    found: tuple[Situation, Pathway],
) -> None:
    situation, pathway = found
    plan = made(found)
    open_steps = [s for s in plan.steps if s.slack is not None and s.slack >= 0 and s.state is State.TO_DO]
    for step in open_steps[:4]:
        assert step.slack is not None
        lasts = (step.finish - step.start).days

        def later(days: int, key: str = step.key, lasts: int = lasts) -> Schedule:
            changed = Situation(TODAY, situation.targets, situation.reports, {}, {key: lasts + days}, {})
            return make_schedule(changed, pathway, NO_RULES, "sample")

        assert _overdue(later(step.slack)) <= _overdue(plan)
        assert _overdue(later(step.slack + 1)) > 0


def _overdue(plan: Schedule) -> int:
    """The greatest number of days by which anything with a reason of its own to be due is late."""
    over = (-step.slack for step in plan.steps if step.due and step.slack is not None)
    return max(0, *over, 0)


@cases(180)
@given(situations())
def test_the_chain_that_decides_runs_without_a_gap_to_the_arrival(found: tuple[Situation, Pathway]) -> None:
    plan = made(found)
    chain = plan.critical_path

    assert chain[-1].task.step.code == found[1].arrival_step
    for before, after in pairwise(chain):
        assert before.key in after.task.after
        assert before.finish == after.start or after.state is State.IN_PROGRESS


@cases(150)
@given(situations(), st.integers(1, 60))
def test_a_longer_step_never_makes_anyone_arrive_earlier(found: tuple[Situation, Pathway], more: int) -> None:
    situation, pathway = found
    plan = made(found)
    step = plan.steps[len(plan.steps) // 2]
    lasts = max((step.finish - step.start).days, 0) + more
    changed = Situation(TODAY, situation.targets, situation.reports, {}, {step.key: lasts}, {})

    after = make_schedule(changed, pathway, NO_RULES, "sample")

    assert after.outlook.arrives_on >= plan.outlook.arrives_on


@cases(180)
@given(situations())
def test_equal_situations_give_equal_schedules_whatever_the_order_of_the_targets(
    found: tuple[Situation, Pathway],
) -> None:
    situation, pathway = found
    turned = Situation(TODAY, situation.targets[::-1], situation.reports, {}, {}, {})

    one, other = made(found), make_schedule(turned, pathway, NO_RULES, "sample")

    assert one.lead.key == other.lead.key
    assert {step.key: step for step in one.steps} == {step.key: step for step in other.steps}
