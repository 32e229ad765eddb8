"""What a plan takes and what it refuses."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from higherstudy.domain.planning.plan import MOST_TARGETS, Plan
from higherstudy.domain.planning.schedule import Report, Schedule
from higherstudy.domain.planning.scheduling import make_schedule
from higherstudy.domain.planning.situation import Situation
from higherstudy.domain.planning.target import Target, TargetRef
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.pathways import Duration, Pathway, StepDefinition, StepKind, StepScope
from higherstudy.domain.shared.errors import RuleBroken
from higherstudy.domain.shared.ids import PlanId, ProgrammeId, StudentId
from higherstudy.domain.shared.sources import Confidence
from study_builders import PAGE

TODAY = date(2026, 11, 23)


def step(code: str, *after: str) -> StepDefinition:
    return StepDefinition(
        code, code, after, StepScope.SHARED, StepKind.TASK, "student", Duration(10), PAGE, Confidence.HIGH
    )


PATHWAY = Pathway(
    "way", "Way", "DE", "", (), "master", "APPLY", "OFFER", "VISA", "ARRIVE", "",
    (step("APPLY"), step("OFFER", "APPLY"), step("VISA", "OFFER"), step("ARRIVE", "VISA")),
)  # fmt: skip
TARGET = Target(
    "t", TargetRef(ProgrammeId(UUID(int=1)), "winter", date(2027, 10, 1)), "T", "DE", "master", date(2027, 10, 1), None
)


def a_plan(*targets: TargetRef) -> Plan:
    return Plan(
        PlanId(UUID(int=5)),
        StudentId(UUID(int=6)),
        targets or (TARGET.ref,),
        datetime(2026, 11, 23, tzinfo=UTC),
        (),
        "",
    )


def schedule_of(plan: Plan) -> Schedule:
    return make_schedule(Situation(TODAY, (TARGET,), plan.reports, {}, {}, {}), PATHWAY, Rulebook(()), "")


def refusals(plan: Plan, key: str, report: Report) -> list[str]:
    with pytest.raises(RuleBroken) as caught:
        plan.report(key, report, schedule_of(plan))
    return [reason.code for reason in caught.value.reasons]


def test_a_step_that_is_done_is_pinned_and_told_to_others() -> None:
    plan = a_plan()

    event = plan.report("APPLY", Report(date(2026, 11, 1), date(2026, 11, 20)), schedule_of(plan))

    assert (event.step, event.state) == ("APPLY", "done")
    assert schedule_of(plan).steps[0].finish == date(2026, 11, 20)


def test_a_step_is_not_done_before_what_it_waits_for() -> None:
    assert refusals(a_plan(), "OFFER", Report(finished_on=TODAY)) == ["plan.waits_for"]


def test_every_reason_against_a_report_is_named_at_once() -> None:
    report = Report(started_on=date(2026, 12, 24), finished_on=date(2026, 12, 20))

    assert refusals(a_plan(), "VISA", report) == [
        "plan.day_in_future",
        "plan.day_in_future",
        "plan.ends_before_it_begins",
        "plan.waits_for",
    ]


def test_a_step_that_the_plan_does_not_have_is_refused() -> None:
    assert refusals(a_plan(), "SWIM", Report(finished_on=TODAY)) == ["plan.unknown_step"]


def test_a_report_can_be_taken_back_unless_what_comes_after_is_done() -> None:
    plan = a_plan()
    plan.report("APPLY", Report(finished_on=TODAY), schedule_of(plan))
    plan.report("OFFER", Report(finished_on=TODAY), schedule_of(plan))

    assert refusals(plan, "APPLY", Report()) == ["plan.follower_is_done"]

    plan.report("OFFER", Report(), schedule_of(plan))
    assert set(plan.reports) == {"APPLY"}


def test_a_plan_needs_a_target_and_takes_none_twice() -> None:
    with pytest.raises(RuleBroken) as none:
        a_plan().aim_at(())
    with pytest.raises(RuleBroken) as twice:
        a_plan().aim_at((TARGET.ref, TARGET.ref))

    assert [reason.code for reason in none.value.reasons] == ["plan.no_target"]
    assert [reason.code for reason in twice.value.reasons] == ["plan.target_twice"]


def test_a_plan_has_a_bounded_number_of_targets() -> None:
    many = tuple(TargetRef(ProgrammeId(UUID(int=n)), "winter", TODAY) for n in range(MOST_TARGETS + 1))

    with pytest.raises(RuleBroken) as caught:
        a_plan().aim_at(many)

    assert [reason.code for reason in caught.value.reasons] == ["plan.too_many_targets"]
