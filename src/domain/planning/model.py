"""What a simulation of a plan is run on: its network in a situation, with a table of durations for each task."""

from __future__ import annotations

from ..rulebook.pathways import Duration, StepKind
from ..shared.dataclass import dataclass
from ..shared.errors import Reason
from .calendars import WorkingCalendar
from .durations import pert_table, still_possible
from .passes import Days, Setting
from .schedule import reason
from .spans import How, Span, Spread


@dataclass(frozen=True, slots=True)
class Window:
    """A window that the queues open and that closes so many days later, whether all else is ready or not."""

    calls: tuple[int, ...]
    besides: tuple[int, ...]
    days: int


@dataclass(frozen=True, slots=True)
class Node:
    """A task: what it waits for, and its equally likely durations in order; of what is done the day is in ``pinned``.

    ``began`` is when it began already; ``opens`` the first day on which it may begin, or 0.
    """

    after: tuple[int, ...]
    table: tuple[int, ...]
    pinned: int | None = None
    began: int | None = None
    opens: int = 0
    calendar: WorkingCalendar | None = None
    working: bool = False
    lasting: bool = False
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """The nodes in order, today, and what being in time means: the days by which some of them have to be done."""

    today: int
    nodes: tuple[Node, ...]
    arrival: int
    due: tuple[tuple[int, int], ...]


def model_of(days: Days) -> Model:
    """Return the model of the plan that the days are of; being in time is for the target that they follow."""
    network = days.network
    nodes = tuple(_node(days, at) for at in range(len(network.tasks)))
    return Model(days.today, nodes, network.arrival, model_due(days))


def _node(days: Days, at: int) -> Node:
    setting, network = days.setting, days.network
    how, layers = setting.hows[at], _layers(setting.hows[at])
    if isinstance(how, Span):
        return Node((), (0,), pinned=how.last)
    began, opens, window = None, 0, None
    for layer in layers:
        if layer.began is not None:
            began = layer.began
        if layer.by_itself:
            began = max(layer.opens, *[days.finish[before] for before in layer.by_itself])
        if layer.window is not None:
            window = Window(network.calls[at], network.besides[at], layer.window[1])
        opens = max(opens, layer.opens)
    spread = next((layer for layer in layers if isinstance(layer, Spread)), None)
    table = _table(setting, at)
    if began is not None and not (spread and spread.working):
        table = still_possible(table, days.today - began)
    return Node(
        after=network.after[at],
        table=table,
        began=began,
        opens=opens,
        calendar=spread.calendar if spread else None,
        working=spread.working if spread else False,
        lasting=spread.lasting if spread else False,
        window=window,
    )


def _layers(how: How | None) -> list[How]:
    found = []
    while how is not None:
        found.append(how)
        how = how.inner
    return found


def _table(setting: Setting, at: int) -> tuple[int, ...]:
    task = setting.network.tasks[at]
    duration = task.step.duration
    if task.key in setting.situation.durations or duration.most is None:
        return (setting.days[at],)
    return pert_table(_least(duration), duration.typical, duration.most)


def _least(duration: Duration) -> int:
    return duration.typical if duration.least is None else duration.least


def assumptions_of(days: Days) -> tuple[Reason, ...]:
    """Return what the simulation takes for granted: how durations are spread, and which have no bounds.

    Only steps are named on which the target that the days follow hangs, and that may last at all.
    """
    found = [reason("chance.spread"), reason("chance.independent")]
    needed = _needed(days)
    for at, task in enumerate(days.network.tasks):
        duration = task.step.duration
        if days.setting.done[at] or at not in needed:
            continue
        if task.key in days.setting.situation.durations:
            found.append(reason("chance.assumed", task.key, step=task.key, days=days.days[at]))
        elif duration.most is None and (duration.typical or task.step.kind is not StepKind.TASK):
            code = "chance.no_bounds" if duration.least is None else "chance.no_upper_bound"
            found.append(Reason(code, {"step": task.key, "days": duration.typical}, task.key))
    return tuple(found)


def _needed(days: Days) -> set[int]:
    """Return the tasks on which being in time hangs: those that are due, and everything before them."""
    left = [at for at, _ in model_due(days)]
    found = set(left)
    while left:
        fresh = set(days.network.after[left.pop()]) - found
        found |= fresh
        left += fresh
    return found


def model_due(days: Days) -> tuple[tuple[int, int], ...]:
    """Return what has to be done by which day for the target that the days follow."""
    network, lead = days.network, days.setting.lead.key
    mine = {network.arrival, *(a for a, target in network.applications if target == lead and not days.setting.done[a])}
    return tuple((at, last) for at, (last, _) in sorted(days.setting.dues.items()) if at in mine)
