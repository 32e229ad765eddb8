"""What our plans are held against: the same fifty steps by a plain pass, by networkx and by calrcpsp.

All keep the same three calendars, but calrcpsp, which knows one: it gets that of the student's home for all steps. All
give first and last days, the latest ones, slack and the critical steps; ours gives besides what a plan is for: reasons,
the worst case, and how each target stands. Where a peer can keep something between two plans, as ours keeps its
network, it is measured both ways.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from higherstudy.adapters.holidays.calendars import HolidaysCalendars
from higherstudy.domain.planning.calendars import WorkingCalendar, calendars_for, place_key
from higherstudy.domain.planning.situation import Situation
from higherstudy.domain.planning.target import Target, TargetRef
from higherstudy.domain.rulebook.pathways import (
    DayCount,
    Duration,
    Pathway,
    Place,
    StepDefinition,
    StepKind,
    StepScope,
)
from higherstudy.domain.shared.ids import ProgrammeId
from higherstudy.domain.shared.sources import Confidence, Source, SourceKind

TODAY, STARTS = date(2026, 11, 23), date(2029, 10, 1)
STEPS = 50
_PAGE = Source("page", "A page", SourceKind.OFFICIAL, TODAY)
_HOURS = 8


@dataclass(frozen=True)
class Fifty:
    """Fifty steps at offices of three kinds, drawn by a seed."""

    pathway: Pathway
    situation: Situation

    def calendar(self, step: StepDefinition) -> WorkingCalendar:
        """Return the calendar that the step keeps."""
        return self.situation.calendars[place_key(step.calendar, "DE")]


def fifty(seed: int = 7) -> Fifty:
    """Return the steps; the last one, the arrival, waits for the five before it."""
    draw = random.Random(seed)
    steps = []
    for at in range(STEPS):
        before = sorted(draw.sample(range(max(0, at - 8), at), min(at, draw.choice([1, 2, 2, 3]))))
        before = list(range(at - 5, at)) if at == STEPS - 1 else before
        days = draw.randint(3, 25)
        steps.append(
            StepDefinition(
                f"S{at}",
                f"Step {at}",
                tuple(f"S{one}" for one in before),
                StepScope.SHARED,
                StepKind.TASK,
                "student",
                Duration(days, days // 2, days * 2),
                _PAGE,
                Confidence.HIGH,
                counts=DayCount.WORKING,
                calendar=draw.choice([Place.HOME, Place.TARGET, Place.BOTH]),
            )
        )
    pathway = Pathway("way", "Way", "DE", "", (), "master", "S25", "S26", "S48", "S49", "", tuple(steps))
    ref = TargetRef(ProgrammeId(UUID(int=1)), "winter", STARTS)
    target = Target("t", ref, "Target", "DE", "master", STARTS, None)
    calendars = calendars_for("BD", ["DE"], TODAY, HolidaysCalendars().closed_days)
    return Fifty(pathway, Situation(TODAY, (target,), {}, {}, {}, {}, calendars))


def by_names(given: Fifty) -> Callable[[], Any]:
    """Return a plain pass forward and backward as one writes it: steps by their codes, days in dictionaries."""
    rows = [(step.code, step.after, step.duration.typical, given.calendar(step)) for step in given.pathway.steps]
    today, due, arrival = TODAY.toordinal(), STARTS.toordinal(), given.pathway.arrival_step

    def run() -> Any:
        start: dict[str, int] = {}
        finish: dict[str, int] = {}
        for code, after, days, calendar in rows:
            ready = max((finish[one] for one in after), default=today)
            at = calendar.rank[ready - calendar.low]
            start[code], finish[code] = calendar.open[at], calendar.open[at + days]
        latest = dict.fromkeys(finish, due)
        for code, after, days, calendar in reversed(rows):
            at = calendar.rank[latest[code] + 1 - calendar.low] - 1
            latest[code], begin = calendar.open[at], calendar.open[at - days]
            for one in after:
                latest[one] = min(latest[one], begin)
        slack = {code: latest[code] - finish[code] for code in finish}
        return finish[arrival], start, latest, slack, [code for code in slack if slack[code] == slack[arrival]]

    return run


def by_hand(given: Fifty) -> Callable[[], Any]:
    """Return the same over lists and whole numbers alone, as tight as we could write it."""
    index = {step.code: at for at, step in enumerate(given.pathway.steps)}
    rows = [
        (tuple(index[one] for one in step.after), step.duration.typical, calendar.rank, calendar.open, calendar.low)
        for step in given.pathway.steps
        for calendar in [given.calendar(step)]
    ]
    today, due = TODAY.toordinal(), STARTS.toordinal()

    def run() -> Any:
        start: list[int] = []
        finish: list[int] = []
        for after, days, rank, opens, low in rows:
            ready = today
            for one in after:
                if finish[one] > ready:
                    ready = finish[one]
            at = rank[ready - low]
            start.append(opens[at])
            finish.append(opens[at + days])
        latest = [due] * len(rows)
        for step in range(len(rows) - 1, -1, -1):
            after, days, rank, opens, low = rows[step]
            at = rank[latest[step] + 1 - low] - 1
            latest[step] = opens[at]
            begin = opens[at - days]
            for one in after:
                if begin < latest[one]:
                    latest[one] = begin
        slack = [last - end for last, end in zip(latest, finish, strict=True)]
        least = slack[-1]
        return finish[-1], start, latest, slack, [at for at, one in enumerate(slack) if one == least]

    return run


def by_networkx(given: Fifty, *, keep: bool) -> Callable[[], Any]:
    """Return the same over a networkx graph, made for each plan or kept between them."""
    import networkx as nx  # noqa: PLC0415 - only peers need it

    def made() -> Any:
        graph = nx.DiGraph()
        for step in given.pathway.steps:
            graph.add_node(step.code, days=step.duration.typical, calendar=given.calendar(step))
            graph.add_edges_from((one, step.code) for one in step.after)
        return graph

    kept = made()
    today, due = TODAY.toordinal(), STARTS.toordinal()

    def run() -> Any:
        graph = kept if keep else made()
        start: dict[str, int] = {}
        finish: dict[str, int] = {}
        order = list(nx.topological_sort(graph))
        for code in order:
            node = graph.nodes[code]
            ready = max((finish[one] for one in graph.predecessors(code)), default=today)
            start[code] = node["calendar"].open_from(ready)
            finish[code] = node["calendar"].after(ready, node["days"])
        latest: dict[str, int] = {}
        begin: dict[str, int] = {}
        for code in reversed(order):
            node = graph.nodes[code]
            last = min((begin[one] for one in graph.successors(code)), default=due)
            latest[code] = node["calendar"].open_until(last)
            begin[code] = node["calendar"].before(last, node["days"])
        slack = {code: latest[code] - finish[code] for code in order}
        return finish[order[-1]], start, latest, slack, [code for code in order if slack[code] == slack[order[-1]]]

    return run


def by_calrcpsp(given: Fifty, *, keep: bool) -> Callable[[], Any]:
    """Return the same by calrcpsp, each step with a resource of its own, so that none waits for another's.

    Its instance is made for each plan and solved as its documentation does; or instance and calendar are kept.
    """
    import calrcpsp  # noqa: PLC0415

    home = given.situation.calendars[place_key(Place.HOME, "DE")]
    steps = given.pathway.steps
    week = tuple(day for day in range(7) if day not in home.weekend)
    holidays = [date.fromordinal(day) for day in home.days]
    calendar = calrcpsp.WorkCalendar([calrcpsp.ShiftSpec("day", "09:00", "17:00", week)], None, holidays, "home")
    data = {
        "tasks": [{"task_id": step.code, "duration": step.duration.typical * _HOURS} for step in steps],
        "resources": [{"resource_id": f"R{step.code}"} for step in steps],
        "dependencies": [[one, step.code] for step in steps for one in step.after],
        "calendar_requirements": {
            "shifts": [{"start": "09:00", "end": "17:00", "days": week}],
            "holidays": [day.isoformat() for day in holidays],
        },
    }
    kept = calrcpsp.Instance.from_dict(data)
    assignment = calrcpsp.Assignment({step.code: f"R{step.code}" for step in steps}, {}, "given")
    begin = datetime.combine(TODAY, time(9))

    def run() -> Any:
        instance = kept if keep else calrcpsp.Instance.from_dict(data)
        found = calrcpsp.solve(instance, calendar if keep else None, assignment, begin)
        return found.end, found.slack(), found.critical_path()

    return run


def naive_chance(given: Fifty, samples: int, seed: int) -> int:
    """Return how many samples are in time, by a call of betavariate for each step of each sample."""
    index = {step.code: at for at, step in enumerate(given.pathway.steps)}
    draw = random.Random(seed)
    rows = []
    for step in given.pathway.steps:
        calendar, lasts = given.calendar(step), step.duration
        least, most = lasts.least or 0, lasts.most or 0
        mode = (lasts.typical - least) / (most - least)
        shape = 1 + 4 * mode, 1 + 4 * (1 - mode)
        rows.append((tuple(index[one] for one in step.after), least, most - least, shape, calendar))
    in_time = 0
    for _ in range(samples):
        finish: list[int] = []
        for after, least, span, (rising, falling), calendar in rows:
            ready = max([finish[one] for one in after], default=TODAY.toordinal())
            finish.append(calendar.after(ready, least + round(span * draw.betavariate(rising, falling))))
        in_time += finish[-1] <= STARTS.toordinal()
    return in_time


def numpys_beta(given: Fifty, samples: int, seed: int) -> Any:
    """Return as many draws from numpy's own beta distribution as a chance of so many samples needs."""
    import numpy as np  # noqa: PLC0415

    lasts = [step.duration for step in given.pathway.steps]
    mode = np.array([(one.typical - (one.least or 0)) / ((one.most or 0) - (one.least or 0)) for one in lasts])
    return np.random.default_rng(seed).beta(1 + 4 * mode, 1 + 4 * (1 - mode), size=(samples, len(lasts)))
