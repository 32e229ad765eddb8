"""What cannot begin earlier than so long before studies begin, such as an application for a visa."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.planning.test_properties import situations

from higherstudy.domain.planning.chance import chances
from higherstudy.domain.planning.explaining import explain
from higherstudy.domain.planning.making import situation_of
from higherstudy.domain.planning.schedule import Outcome, PlannedStep, Report, Schedule, State
from higherstudy.domain.planning.scheduling import make_schedule
from higherstudy.domain.planning.situation import Before, Situation
from higherstudy.domain.planning.views import todays_actions
from higherstudy.domain.profile.profile import Profile
from higherstudy.domain.rulebook.facts import Fact, Scope
from higherstudy.domain.rulebook.pack import Rulebook, RulePack
from higherstudy.domain.rulebook.pathways import Pathway, StepKind, StepScope
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

    assert visa.reasons[0].code == "because.not_before"
    assert visa.reasons[0].params["on"] == on(220).isoformat()
    assert visa.reasons[0].params["starts_on"] == on(400).isoformat()


def test_what_cannot_begin_yet_is_nothing_to_do_today() -> None:
    done = {"A": Report(on(-3), on(-1))}

    assert todays_actions(plan(reports=done)).next is None
    assert todays_actions(plan(400, reports=done)).next is not None


def test_a_report_says_what_happened_whatever_the_rules_let_begin() -> None:
    done = {"A": Report(on(-30), on(-20)), "VISA": Report(on(-9), on(-8))}

    visa = found(plan(reports=done), "VISA")

    assert (visa.state, visa.finish) == (State.DONE, on(-8))


@pytest.mark.parametrize(("before", "state", "start"), [(180, State.TO_DO, 220), (402, State.IN_PROGRESS, -2)])
def test_a_wait_does_not_run_by_itself_before_it_can_begin(before: int, state: State, start: int) -> None:
    waits = way(step("A", days=10), step("HOLD", "A", days=28, kind=StepKind.WAIT, not_before="k"), step("END", "HOLD"))
    limits = {("HOLD", STUDIES.key): Before(days=before)}
    now = Situation(TODAY, (STUDIES,), {"A": Report(on(-30), on(-20))}, {}, {}, {}, not_before=limits)

    made = make_schedule(now, waits, Rulebook(()), "zones")

    held = found(made, "HOLD")
    assert (held.state, held.start, held.finish) == (state, on(start), on(start + 28))
    assert explain(made, "HOLD").links[-1].reasons[0].code == "because.not_before"


def test_the_chance_counts_with_the_day_too() -> None:
    in_time, too_late = (
        chances(plan(before), Random(1).randbytes, seed=1, samples=100)[0].share for before in (26, 25)
    )

    assert (in_time, too_late) == (1.0, 0.0)


def limits(unit: str, value: str, **said: object) -> dict[tuple[str, str], Before]:
    known = Fact("f", "visa.days", Decimal(value), PAGE, Confidence.HIGH, unit=unit, **said)  # type: ignore[arg-type]
    rules = Rulebook((RulePack("p", "P", "1", date(2099, 1, 1), "0", (known,), pathways=(LODGES,)),))
    return dict(situation_of((STUDIES,), LODGES, Profile(), rules, TODAY, {}, {}).not_before)


def test_how_long_before_studies_is_what_the_fact_says_for_that_intake() -> None:
    assert limits("days", "30") == {("VISA", "t1"): Before(days=30)}
    assert limits("weeks", "8") == {("VISA", "t1"): Before(days=56)}
    assert limits("months", "6") == {("VISA", "t1"): Before(months=6)}
    assert limits("days", "30", valid_to=on(399)) == {}  # it ends before that intake
    assert limits("days", "30", scope=Scope(country="US")) == {}
    assert Before(months=6).day(date(2028, 8, 31)) == date(2028, 2, 29)


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
