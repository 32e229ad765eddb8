"""The passes against OR-tools CP-SAT, which knows nothing of them: it gets each day's outcome counted one by one."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from higherstudy.domain.planning.calendars import place_key
from higherstudy.domain.planning.scheduling import make_schedule
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.pathways import DayCount, Pathway, StepDefinition
from networks import CALENDARS, TODAY, office_ways, situation, target

HORIZON = 800


def ends(step: StepDefinition, begun: date) -> date:
    """Return the day on which the step ends that begins on the day, by looking at one day after the other."""
    calendar = CALENDARS.get(place_key(step.calendar, "DE"))
    left, day = step.duration.typical, begun

    def is_open() -> bool:
        return calendar is None or calendar.is_open(day.toordinal())

    if calendar is None or step.counts is DayCount.CALENDAR:
        day += timedelta(days=left)
    else:
        while not is_open():
            day += timedelta(days=1)
        while left:
            day += timedelta(days=1)
            left -= is_open()
    while not is_open():
        day += timedelta(days=1)
    return day


def solved(pathway: Pathway, due: date | None) -> dict[str, date]:
    """Return the earliest end of each step, or with a day that is due, the latest ends that still keep it."""
    model = cp_model.CpModel()
    finish = {}
    for step in pathway.steps:
        begun = model.new_int_var(0, HORIZON, f"{step.code} begins")
        table = [(ends(step, TODAY + timedelta(days=day)) - TODAY).days for day in range(HORIZON + 1)]
        finish[step.code] = model.new_int_var(0, max(table), f"{step.code} ends")
        model.add_element(begun, table, finish[step.code])
        for before in step.after:
            model.add(begun >= finish[before])
    if due is None:
        model.minimize(sum(finish.values()))
    else:
        model.add(finish[pathway.arrival_step] <= (due - TODAY).days)
        model.maximize(sum(finish.values()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    return {code: TODAY + timedelta(days=solver.value(day)) for code, day in finish.items()}


@settings(max_examples=25, deadline=None)
@given(office_ways(most=7), st.integers(0, 90))
def test_earliest_and_latest_days_are_those_that_a_solver_finds(pathway: Pathway, room: int) -> None:
    earliest = solved(pathway, None)
    begins_in = (earliest[pathway.arrival_step] - TODAY).days + room
    one = target(begins_in=begins_in)

    plan = make_schedule(situation(one), pathway, Rulebook(()), "")
    latest = solved(pathway, one.starts_on)

    assert {step.key: step.finish for step in plan.steps} == earliest
    assert {step.key: step.latest_finish for step in plan.steps} == latest
    assert {step.key: step.slack for step in plan.steps} == {
        code: (latest[code] - earliest[code]).days for code in earliest
    }
