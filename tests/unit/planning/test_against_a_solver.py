"""The passes against OR-tools CP-SAT, which knows nothing of them: it gets each day's outcome counted one by one.

A queue's call opens a window, offices keep calendars, some steps are done or under way, and the application has a
first and a last day of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from higherstudy.domain.catalogue.intake import Basis
from higherstudy.domain.planning.calendars import place_key
from higherstudy.domain.planning.schedule import Report, State
from higherstudy.domain.planning.scheduling import make_schedule
from higherstudy.domain.planning.situation import Situation
from higherstudy.domain.planning.target import ApplyBy
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.pathways import DayCount, Pathway, Place, StepDefinition, StepKind, StepScope
from higherstudy.domain.shared.sources import Confidence
from laws import cases
from networks import CALENDARS, TODAY, office_ways, situation, step, target, way
from study_builders import PAGE

HORIZON = 600
Finish = Mapping[str, date]


def is_open(step: StepDefinition, day: date) -> bool:
    calendar = CALENDARS.get(place_key(step.calendar, "DE"))
    return calendar is None or step.kind is StepKind.WINDOW or calendar.is_open(day.toordinal())


def next_open(step: StepDefinition, day: date) -> date:
    while not is_open(step, day):
        day += timedelta(days=1)
    return day


def ends(step: StepDefinition, begun: date) -> date:
    """Return the day on which the step ends that can begin on the day, by looking at one day after the other."""
    runs_by_itself = step.kind in (StepKind.WAIT, StepKind.QUEUE)
    day = begun if runs_by_itself and step.counts is DayCount.CALENDAR else next_open(step, begun)
    left = step.duration.typical
    while left:
        day += timedelta(days=1)
        left -= step.counts is DayCount.CALENDAR or is_open(step, day)
    return next_open(step, day)


@dataclass(frozen=True)
class Case:
    """A network and what was reported in it; with the days on which its first application opens and closes."""

    pathway: Pathway
    reports: Mapping[str, Report]
    opens: int | None
    closes: int | None

    def situation(self, begins_in: int) -> Situation:
        """Return the situation of studies that begin in so many days."""
        last = TODAY + timedelta(days=9999 if self.closes is None else self.closes)
        opens = None if self.opens is None else TODAY + timedelta(days=self.opens)
        by = ApplyBy(last, str(last), "Europe/Berlin", Basis.RECEIVED, Confidence.HIGH, False, PAGE, opens)
        stated = by if self.opens is not None or self.closes is not None else None
        aim = replace(target(begins_in=begins_in), apply_by=stated)
        return situation(aim, reports={self.key(code): one for code, one in self.reports.items()})

    def key(self, code: str) -> str:
        """Return the key of the step in the plan."""
        return f"{code}@t1" if code == self.pathway.application_step else code


@st.composite
def networks(draw: st.DrawFn) -> Case:
    """Return a network with a queue, its window and an application, of which the first steps are done or begun."""
    pathway = draw(office_ways(most=6))
    calls = step("CALL", days=draw(st.integers(0, 60)), kind=StepKind.QUEUE, calendar=draw(st.sampled_from(Place)))
    apply = step("APPLY", *draw(st.sampled_from([(), ("S0",)])), days=0, scope=StepScope.TARGET)
    hard = draw(st.integers(1, 10))
    opened = step("WINDOW", "CALL", "S0", days=draw(st.integers(0, hard)), kind=StepKind.WINDOW, hard_days=hard)
    *rest, last = pathway.steps
    rest = [replace(one, after=(*one.after, "APPLY")) if place == 2 else one for place, one in enumerate(rest)]
    steps = (calls, rest[0], apply, *rest[1:], opened, replace(last, after=(*last.after, "WINDOW", "APPLY")))
    made = way(*steps, application_step="APPLY", admission_step="APPLY")
    reports: dict[str, Report] = {}
    for one in (calls, steps[1]):
        begun = TODAY - timedelta(days=draw(st.integers(0, 60)))
        match draw(st.sampled_from(["", "begun", "done"])):
            case "begun":
                reports[one.code] = Report(begun)
            case "done":
                reports[one.code] = Report(begun, begun + timedelta(days=draw(st.integers(0, (TODAY - begun).days))))
    days = st.none() | st.integers(0, 120)
    return Case(made, reports, draw(days), draw(days))


class Model:
    """The case as constraints on whole days: a day for each beginning and each end, and tables of outcomes."""

    def __init__(self, case: Case) -> None:
        self.case, self.steps = case, {one.code: one for one in case.pathway.steps}
        self.model = cp_model.CpModel()
        self.offset = 90  # days before today on which something may have been done
        self.begun: dict[str, cp_model.IntVar] = {}
        self.finish = {code: self.model.new_int_var(0, 2 * HORIZON, f"{code} ends") for code in self.steps}
        for code, one in self.steps.items():
            self._step(code, one)

    def _day(self, day: date) -> int:
        return (day - TODAY).days + self.offset

    def _step(self, code: str, one: StepDefinition) -> None:
        model, finish, report = self.model, self.finish, self.case.reports.get(code, Report())
        if report.finished_on is not None:
            model.add(finish[code] == self._day(report.finished_on))
            return
        started = report.started_on or self._by_itself(one)
        if started is not None:
            model.add(finish[code] == self._day(next_open(one, max(ends(one, started), TODAY))))
            return
        first = TODAY
        if code == self.case.pathway.application_step and self.case.opens is not None:
            first += timedelta(days=self.case.opens)
        begun = self.begun[code] = model.new_int_var(self._day(first), HORIZON, f"{code} begins")
        for before in one.after:
            model.add(begun >= finish[before])
        days = [TODAY + timedelta(days=day - self.offset) for day in range(HORIZON + 1)]
        table = [self._day(ends(one, day)) for day in days]
        plain = model.new_int_var(0, max(table), f"{code} would end")
        model.add_element(begun, table, plain)
        if one.hard_days is None:
            model.add(finish[code] == plain)
            return
        closes = model.new_int_var(0, 2 * HORIZON, f"{code} closes")
        model.add(closes == finish["CALL"] + one.hard_days)
        kept = self.kept = model.new_bool_var(f"{code} can be kept")  # begun in time, and not over already
        both = model.new_int_var(0, 2 * HORIZON, "")
        model.add_max_equality(both, [begun, self._day(TODAY)])
        model.add(both <= closes).only_enforce_if(kept)
        model.add(both > closes).only_enforce_if(kept.negated())
        shorter = model.new_int_var(0, 2 * HORIZON, "")
        model.add_min_equality(shorter, [plain, closes])
        model.add(finish[code] == shorter).only_enforce_if(kept)
        model.add(finish[code] == plain).only_enforce_if(kept.negated())

    def _by_itself(self, one: StepDefinition) -> date | None:
        """Return the day on which a wait has begun that nobody reported: when all that it came after was done."""
        done = [self.case.reports.get(before, Report()).finished_on for before in one.after]
        days = [day for day in done if day is not None]
        return max(days) if one.kind is StepKind.WAIT and days and len(days) == len(done) else None

    def earliest(self) -> Finish:
        """Return the days on which each step ends at the earliest; nobody joins a queue later to be called later."""
        if "CALL" in self.begun:
            self.model.add(self.begun["CALL"] == self._day(TODAY))
        self.model.minimize(sum(self.finish.values()))
        return self._solved()

    def room(self, code: str, earliest: Finish, due: Mapping[str, date]) -> int:
        """Return how many days the end of the step alone can slip while the window is kept and all is in time."""
        self.model.add(self.kept == 1)
        if code != "CALL":
            self.model.add(self.finish["CALL"] == self._day(earliest["CALL"]))
        slip = self.model.new_int_var(0, HORIZON, "slip")
        self.model.add(self.finish[code] == self._day(earliest[code]) + slip)
        for one, last in due.items():
            self.model.add(self.finish[one] <= self._day(last))
        self.model.maximize(slip)
        return (self._solved()[code] - earliest[code]).days

    def _solved(self) -> Finish:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        assert solver.solve(self.model) == cp_model.OPTIMAL
        return {code: TODAY + timedelta(days=solver.value(day) - self.offset) for code, day in self.finish.items()}


@cases(20)
@given(networks())
def test_the_days_of_windows_calendars_and_reports_are_those_that_a_solver_finds(case: Case) -> None:
    plan = make_schedule(case.situation(300), case.pathway, Rulebook(()), "")

    assert {step.task.step.code: step.finish for step in plan.steps} == Model(case).earliest()


@cases(10)
@given(networks(), st.integers(0, 60), st.data())
def test_the_slack_of_a_step_is_as_far_as_a_solver_can_let_it_slip(case: Case, room: int, data: st.DataObject) -> None:
    earliest = Model(case).earliest()
    arrival = case.pathway.arrival_step
    plan = make_schedule(case.situation((earliest[arrival] - TODAY).days + room), case.pathway, Rulebook(()), "")
    due = {arrival: plan.lead.starts_on}
    if case.closes is not None:
        due["APPLY"] = TODAY + timedelta(days=case.closes)
    missed = any(reason.code.endswith("window_missed") for reason in plan.outlook.reasons)
    open_steps = [one for one in plan.steps if one.state is State.TO_DO and not one.task.step.hard_days]
    if missed or any(earliest[code] > last for code, last in due.items()) or not open_steps:
        return
    chosen = data.draw(st.integers(0, len(open_steps) - 1))
    step = open_steps[chosen]

    slip = Model(case).room(step.task.step.code, earliest, due)

    assert step.slack is not None
    if step.task.step.code in ("CALL", "S0"):  # a window leaves them no less than the days that it takes
        assert 0 <= step.slack <= slip
    else:
        assert step.slack == slip
