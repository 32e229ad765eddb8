"""What cannot begin earlier than so long before studies begin, such as an application for a visa."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.planning.test_properties import situations

from higherstudy.domain.planning.calendars import WorkingCalendar
from higherstudy.domain.planning.chance import chances
from higherstudy.domain.planning.explaining import explain
from higherstudy.domain.planning.making import situation_of
from higherstudy.domain.planning.schedule import Outcome, PlannedStep, Report, Schedule, State, reason
from higherstudy.domain.planning.scheduling import make_schedule
from higherstudy.domain.planning.situation import Before, Situation
from higherstudy.domain.planning.views import todays_actions
from higherstudy.domain.profile.profile import Profile
from higherstudy.domain.rulebook.facts import Fact, Scope
from higherstudy.domain.rulebook.pack import Rulebook, RulePack
from higherstudy.domain.rulebook.pathways import Pathway, Place, StepKind, StepScope
from higherstudy.domain.shared.errors import Params, Reason
from higherstudy.domain.shared.sources import Confidence
from laws import cases
from networks import TODAY, step, target, way
from study_builders import PAGE

STUDIES = target(begins_in=400)
LODGES = way(
    step("A", days=10),
    step("VISA", "A", days=1, scope=StepScope.ONCE, not_before="visa.days"),
    step("WAIT", "VISA", days=20, kind=StepKind.WAIT),
    step("END", "WAIT", days=5),
)


def on(day: int) -> date:
    return TODAY + timedelta(days=day)


def plan(before: int | None = 180, *, reports: dict[str, Report] | None = None, today: date = TODAY) -> Schedule:
    limits = {} if before is None else {("VISA", STUDIES.key): Before(days=before)}
    now = Situation(today, (STUDIES,), reports or {}, {}, {}, {}, not_before=limits)
    return make_schedule(now, LODGES, Rulebook(()), "zones")


def found(made: Schedule, key: str) -> PlannedStep:
    return next(one for one in made.steps if one.key == key)


def test_a_step_waits_for_the_day_on_which_the_rules_let_it_begin_and_what_comes_after_waits_with_it() -> None:
    early, free = plan(), plan(None)

    assert [(one.key, one.start) for one in early.steps] == [
        ("A", on(0)), ("VISA", on(220)), ("WAIT", on(221)), ("END", on(241))
    ]  # fmt: skip
    assert [one.start for one in free.steps] == [on(0), on(10), on(11), on(31)]
    assert (early.outlook.arrives_on, early.outlook.slack) == (on(246), 154)
    assert {one.key: one.slack for one in early.steps}["A"] == 364  # it has room until the latest day for the visa


def test_the_reason_for_the_day_is_told() -> None:
    visa = explain(plan(), "VISA").links[-1]

    days = {"on": on(220).isoformat(), "starts_on": on(400).isoformat()}
    assert visa.reasons[0] == reason("because.not_before", "VISA", **days)


def test_on_the_very_day_from_which_it_may_begin_nothing_holds_a_step_up() -> None:
    done = {"A": Report(on(-3), on(-1))}

    visa = explain(plan(400, reports=done), "VISA").links[-1]

    assert visa.reasons[0] == reason("because.today", "VISA", on=TODAY.isoformat())


def test_a_step_that_may_begin_on_a_day_on_which_its_office_is_closed_begins_on_the_next_open_one() -> None:
    lodging = way(step("A"), step("VISA", "A", days=1, calendar=Place.HOME, not_before="k"), step("END", "VISA"))
    closed_on_weekends = {"home": WorkingCalendar("XX", "1", 2026, 2028, {}, frozenset({5, 6}))}
    limits = {("VISA", STUDIES.key): Before(days=395)}  # on the 5th day from today, which is a Saturday
    now = Situation(
        TODAY, (STUDIES,), {"A": Report(finished_on=on(-1))}, {}, {}, {}, closed_on_weekends, not_before=limits
    )

    visa = explain(make_schedule(now, lodging, Rulebook(()), "zones"), "VISA").links[-1]

    first, opens = on(5).isoformat(), on(7).isoformat()
    closed: Params = {"on": first, "opens_on": opens, "calendar": "XX", "names": "", "estimated": False}
    assert (visa.start, visa.finish) == (on(7), on(8))
    assert visa.reasons[:2] == (
        reason("because.not_before", "VISA", on=first, starts_on=on(400).isoformat()),
        Reason("because.closed", closed, "VISA"),
    )


def test_what_cannot_begin_yet_is_nothing_to_do_today() -> None:
    done = {"A": Report(on(-3), on(-1))}

    assert todays_actions(plan(reports=done)).next is None
    assert todays_actions(plan(400, reports=done)).next is not None


def test_a_report_says_what_happened_whatever_the_rules_let_begin() -> None:
    done = {"A": Report(on(-30), on(-20)), "VISA": Report(on(-9), on(-8))}

    visa = found(plan(reports=done), "VISA")

    assert (visa.state, visa.finish) == (State.DONE, on(-8))


def waiting(before: int) -> Schedule:
    """Return a plan in which a wait follows what was done twenty days ago."""
    waits = way(step("A", days=10), step("HOLD", "A", days=28, kind=StepKind.WAIT, not_before="k"), step("END", "HOLD"))
    limits = {("HOLD", STUDIES.key): Before(days=before)}
    now = Situation(TODAY, (STUDIES,), {"A": Report(on(-30), on(-20))}, {}, {}, {}, not_before=limits)
    return make_schedule(now, waits, Rulebook(()), "zones")


@pytest.mark.parametrize(
    ("before", "state", "start"),
    [(180, State.TO_DO, 220), (399, State.TO_DO, 1), (400, State.IN_PROGRESS, 0), (402, State.IN_PROGRESS, -2)],
)
def test_a_wait_does_not_run_by_itself_before_it_can_begin(before: int, state: State, start: int) -> None:
    made = waiting(before)

    held = found(made, "HOLD")
    assert (held.state, held.start, held.finish) == (state, on(start), on(start + 28))
    assert explain(made, "HOLD").links[-1].reasons[0].code == "because.not_before"


def test_a_wait_that_could_begin_when_what_it_comes_after_was_done_runs_since_then() -> None:
    held = explain(waiting(420), "HOLD").links[-1]

    assert (held.start, held.finish) == (on(-20), on(8))
    assert held.reasons[0] == reason("because.runs_since", "HOLD", step="A", on=on(-20).isoformat())


def test_the_chance_counts_with_the_day_too() -> None:
    in_time, too_late = (
        chances(plan(before), Random(1).randbytes, seed=1, samples=100)[0].share for before in (26, 25)
    )

    assert (in_time, too_late) == (1.0, 0.0)


def test_the_chance_does_not_wait_for_the_day_of_what_was_done_all_the_same() -> None:
    """From the 395th day on the visa would take one day and END five more, and studies begin on the 400th."""
    done = {"A": Report(on(-30), on(-20)), "VISA": Report(on(-9), on(-8))}

    assert chances(plan(5, reports=done), Random(1).randbytes, seed=1, samples=100)[0].share == 1.0


def figure(key: str, unit: str, value: str, **said: object) -> Fact:
    return Fact(key, key, Decimal(value), PAGE, Confidence.HIGH, unit=unit, **said)  # type: ignore[arg-type]


def limits_by(pathway: Pathway, *facts: Fact) -> dict[tuple[str, str], Before]:
    rules = Rulebook((RulePack("p", "P", "1", date(2099, 1, 1), "0", facts, pathways=(pathway,)),))
    return dict(situation_of((STUDIES,), pathway, Profile(), rules, TODAY, {}, {}).not_before)


def limits(unit: str, value: str, **said: object) -> dict[tuple[str, str], Before]:
    return limits_by(LODGES, figure("visa.days", unit, value, **said))


def test_how_long_before_studies_is_what_the_fact_says_for_that_intake() -> None:
    assert limits("days", "30") == {("VISA", "t1"): Before(days=30)}
    assert limits("weeks", "8") == {("VISA", "t1"): Before(days=56)}
    assert limits("months", "6") == {("VISA", "t1"): Before(months=6)}
    assert limits("days", "30", valid_to=on(399)) == {}  # it ends before that intake
    assert limits("days", "30", scope=Scope(country="US")) == {}
    assert Before(months=6).day(date(2028, 8, 31)) == date(2028, 2, 29)


def test_a_step_of_which_no_day_is_known_takes_that_of_no_other_away() -> None:
    two = way(step("A", not_before="gone"), step("VISA", "A", not_before="visa.days"), step("END", "VISA"))

    gone, known = figure("gone", "days", "99", valid_to=on(399)), figure("visa.days", "days", "30")

    assert limits_by(two, gone, known) == {("VISA", "t1"): Before(days=30)}


@st.composite
def opened_late(draw: st.DrawFn) -> tuple[Situation, Pathway]:
    """Return a situation in which some steps cannot begin earlier than so long before studies begin."""
    now, usual = draw(situations())
    late = draw(st.sets(st.sampled_from([one.code for one in usual.steps])))
    steps = tuple(replace(one, not_before="k") if one.code in late else one for one in usual.steps)
    limits = {(code, one.key): Before(days=draw(st.integers(0, 400))) for code in late for one in now.targets}
    return replace(now, not_before=limits), replace(usual, steps=steps)


@cases(180)
@given(opened_late())
def test_no_open_step_begins_before_the_rules_and_its_predecessors_let_it(found: tuple[Situation, Pathway]) -> None:
    now, pathway = found
    made = make_schedule(now, pathway, Rulebook(()), "zones")
    finish = {one.key: one.finish for one in made.steps}

    for one in made.steps:
        studies = one.task.target or made.lead
        limit = now.not_before.get((one.task.step.code, studies.key))
        if one.state is State.TO_DO:
            assert one.start >= max((finish[before] for before in one.task.after), default=TODAY)
            assert limit is None or one.start >= limit.day(studies.starts_on)
    assert (made.outlook.slack < 0) <= (made.outlook.outcome in (Outcome.LATE, Outcome.LOST))
