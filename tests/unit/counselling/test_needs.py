"""What there is to see to in a plan, and in which order students stand."""

from datetime import date, timedelta
from itertools import pairwise
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_builders import schedule, step, window

from builders import ZONES, a_document, a_version
from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.counselling.need import InNeed, Matter, Need, in_order, place_of, ranked
from higherstudy.domain.counselling.needs import needs_in, needs_of, seen_with
from higherstudy.domain.documents.document import Document, Stated
from higherstudy.domain.identity.scopes import Granted, Scope
from higherstudy.domain.impacts.working_out import PlanCase, Stuck, StudentCase, schedule_of
from higherstudy.domain.planning.making import find_target
from higherstudy.domain.planning.schedule import Report, State
from higherstudy.domain.planning.target import TargetRef
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.shared.errors import Reason
from higherstudy.domain.shared.ids import AccountId, GrantId, PlanId, StudentId
from laws import cases
from study_builders import profile, programme

TODAY = date(2026, 11, 24)
WINTER = date(2027, 10, 1)
PLAN = PlanId(UUID(int=5))
RULES = bundled_rulebook()


def a_case(
    *documents: Document, reports: dict[str, Report] | None = None, today: date = TODAY, plans: int = 1
) -> StudentCase:
    """Return a student who aims at a Master's in Germany, with these papers and reports."""
    one = programme()
    target = find_target(one, TargetRef(one.id, "winter", WINTER), ZONES.named, "Asia/Dhaka")
    plan = PlanCase(PLAN, (target,), reports or {}, {}, {target.key: None})
    return StudentCase(StudentId(UUID(int=6)), profile(), today, ZONES.version, (plan,) * plans, (one,), documents)


def by_matter(needs: tuple[Need, ...]) -> dict[Matter, Need]:
    return {need.matter: need for need in needs}


def keys_to_do(case: StudentCase) -> list[str]:
    found = schedule_of(case, case.plans[0], RULES)
    assert not isinstance(found, Stuck)
    return [one.key for one in found[0].steps]


def test_a_window_that_is_open_comes_before_what_is_later_and_says_when_it_closes() -> None:
    found = in_order(needs_of(schedule(step("LATE", slack=-30), window(slack=5))))

    assert [(need.matter, need.slack) for need in found] == [(Matter.WINDOW, 5), (Matter.STEP, -30)]
    assert found[0].why.code == "queue.window_closes"
    assert found[0].why.params["closes_on"] == "2026-12-05"
    assert found[1].why == Reason("queue.overdue", {"step": "LATE", "days": 30})
    assert found[1].to_send == Reason("to_send.overdue", {"step": "LATE", "days": 30})


@pytest.mark.parametrize(
    ("slack", "code"),
    [(None, "nothing_due"), (-1, "overdue"), (0, "no_day_to_spare"), (4, "can_slip")],
)
def test_the_step_says_how_much_room_there_is(slack: int | None, code: str) -> None:
    [need] = needs_of(schedule(step("ONE", slack=slack)))

    assert (need.why.code, need.to_send.code, need.slack) == (f"queue.{code}", f"to_send.{code}", slack)


def test_a_window_that_has_closed_is_said_to_be_over() -> None:
    [need] = needs_of(schedule(window(start=-20, days=3, slack=0)))

    assert (need.why.code, need.to_send.code) == ("queue.window_over", "to_send.window_over")


def test_a_wait_that_has_lasted_longer_than_usual_is_named_with_the_days_over() -> None:
    case = a_case()
    [way] = [RULES.pathways[name] for name in (_pathway_of(case),)]
    queue = next(one for one in way.steps if one.kind.value == "queue" and one.scope.value != "target")
    since = TODAY - timedelta(days=queue.duration.typical + 10)
    reports = {code: Report(finished_on=since) for code in _before(way, queue.code)}
    waiting = a_case(reports={**reports, queue.code: Report(started_on=since)})

    found = by_matter(needs_in(waiting, RULES))

    assert found[Matter.WAIT].about == queue.code
    assert found[Matter.WAIT].why.code in ("queue.wait_stalls", "queue.wait_beyond_known")
    assert found[Matter.WAIT].why.params["since"] == since.isoformat()
    assert int(found[Matter.WAIT].why.params["days"] or 0) >= 10 - 7  # where it counts days that an office keeps


def test_a_wait_within_its_usual_time_is_nothing_to_see_to() -> None:
    case = a_case()
    way = RULES.pathways[_pathway_of(case)]
    queue = next(one for one in way.steps if one.kind.value == "queue" and one.scope.value != "target")
    since = TODAY - timedelta(days=1)
    reports = {code: Report(finished_on=since) for code in _before(way, queue.code)}

    assert Matter.WAIT not in by_matter(
        needs_in(a_case(reports={**reports, queue.code: Report(started_on=since)}), RULES)
    )


def test_a_paper_that_runs_out_before_its_use_is_named_with_both_days() -> None:
    passport = a_document("passport", a_version(stated=Stated(date(2017, 2, 1), date(2027, 2, 1))))

    found = by_matter(needs_in(a_case(passport), RULES))[Matter.PAPER]

    assert (found.about, found.why.params["good_until"]) == ("passport", "2027-02-01")
    assert found.to_send.code == "to_send.paper_runs_out"
    assert found.why.params["used_on"] > "2027"  # type: ignore[operator]


def test_a_paper_that_is_good_for_long_is_nothing_to_see_to() -> None:
    passport = a_document("passport", a_version(stated=Stated(date(2024, 2, 1), date(2034, 2, 1))))

    assert Matter.PAPER not in by_matter(needs_in(a_case(passport), RULES))


def test_whoever_may_not_know_of_papers_is_not_told_of_them() -> None:
    passport = a_document("passport", a_version(stated=Stated(date(2017, 2, 1), date(2027, 2, 1))))
    whole = InNeed(StudentId(UUID(int=6)), "A", "", TODAY, needs_in(a_case(passport), RULES))

    def seen(scope: Scope) -> set[Matter]:
        granted = Granted(GrantId(UUID(int=1)), AccountId(UUID(int=2)), frozenset({scope}))
        return {need.matter for need in seen_with(whole, granted).needs}

    assert Matter.PAPER in seen(Scope.READ_PLAN)
    assert seen(Scope.READ_PLAN) - seen(Scope.ACT) == {Matter.PAPER}


def test_a_student_without_a_plan_that_is_still_to_come_is_said_to_have_none() -> None:
    for case in (a_case(plans=0), a_case(today=date(2027, 10, 2))):
        assert [need.matter for need in needs_in(case, RULES)] == [Matter.NO_PLAN]


def test_a_plan_that_cannot_be_worked_out_says_why() -> None:
    [need] = needs_in(a_case(), Rulebook(()))

    assert (need.matter, need.why.code, need.plan_id) == (Matter.STUCK, "plan.no_pathway", PLAN)


@cases(150)
@given(st.randoms(use_true_random=False))
def test_what_is_done_is_never_to_be_seen_to(chance: Random) -> None:
    case = a_case()
    keys = keys_to_do(case)
    reports = {
        key: Report(started_on=TODAY - timedelta(days=40), finished_on=TODAY - timedelta(days=chance.randrange(40)))
        if chance.random() < 0.6
        else Report(started_on=TODAY - timedelta(days=chance.randrange(400)))
        for key in keys
        if chance.random() < 0.7
    }
    reported = a_case(reports=reports)
    found = schedule_of(reported, reported.plans[0], RULES)
    assert not isinstance(found, Stuck)
    done = {one.key for one in found[0].steps if one.state is State.DONE}

    needs = needs_in(reported, RULES)

    assert done.isdisjoint(need.about for need in needs if need.step is not None)
    assert needs == needs_in(a_case(reports=reports), RULES)


NEEDS = st.builds(
    lambda matter, slack, about: Need(matter, Reason("queue.no_plan"), Reason("to_send.no_plan"), slack, PLAN, about),
    st.sampled_from(list(Matter)),
    st.none() | st.integers(-400, 400),
    st.sampled_from(["DE1", "DE2", "passport"]),
)
STUDENTS = st.lists(
    st.tuples(st.integers(1, 10**6), st.lists(NEEDS, min_size=1, max_size=4)), unique_by=lambda row: row[0], max_size=30
).map(lambda rows: [InNeed(StudentId(UUID(int=at)), "", "", TODAY, in_order(needs)) for at, needs in rows])


@cases(300)
@given(STUDENTS, st.randoms(use_true_random=False))
def test_windows_come_first_then_less_slack_and_equal_students_stand_in_equal_order(
    students: list[InNeed], chance: Random
) -> None:
    queue = ranked(students)
    chance.shuffle(students)

    assert ranked(students) == queue
    assert len({place_of(one) for one in queue}) == len(queue)
    for before, after in pairwise(queue):
        one, other = before.first, after.first
        is_window = (one.matter is Matter.WINDOW, other.matter is Matter.WINDOW)
        assert is_window != (False, True)
        if is_window[0] == is_window[1]:
            assert other.slack is None or (one.slack is not None and one.slack <= other.slack)


@cases(200)
@given(st.lists(NEEDS, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_one_student_s_needs_come_in_one_order_whatever_the_order_in_which_they_were_found(
    needs: list[Need], chance: Random
) -> None:
    first = in_order(needs)
    chance.shuffle(needs)

    assert in_order(needs) == first


def _pathway_of(case: StudentCase) -> str:
    found = schedule_of(case, case.plans[0], RULES)
    assert not isinstance(found, Stuck)
    return found[0].pathway


def _before(way, code: str) -> set[str]:  # type: ignore[no-untyped-def]
    found: set[str] = set()
    left = [code]
    while left:
        fresh = set(way.step(left.pop()).after) - found
        found |= fresh
        left += fresh
    return found
