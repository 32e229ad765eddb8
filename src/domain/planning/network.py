"""A plan's tasks as a network of numbers: compiled once, and then run through as often as there are questions.

What a report, a day or another intake changes is not in here, so what-if, the next safe intake, the worst case and the
simulation all use the same network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from ..rulebook.conditions import Circumstance
from ..rulebook.pathways import DayCount, Duration, Pathway, StepKind, StepScope
from ..shared.dataclass import dataclass
from .calendars import place_key
from .target import Target
from .tasks import Task, lay_out

Indexes = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """Tasks by their index, in an order in which each stands after those it waits for (``after``).

    ``calls`` names, for each window that a queue opens, the queues; ``besides`` what else it waits for.
    """

    pathway: Pathway
    tasks: tuple[Task, ...]
    keys: tuple[str, ...]
    index: Mapping[str, int]
    after: tuple[Indexes, ...]
    backwards: range
    typical: tuple[int, ...]
    most: tuple[int, ...]
    arrival: int
    applications: tuple[tuple[int, str], ...]
    windows: Indexes
    calls: Mapping[int, Indexes]
    besides: Mapping[int, Indexes]
    waits: Indexes
    places: tuple[tuple[int, str], ...]
    lasting: tuple[bool, ...]
    """Whether each runs by itself, so that its beginning needs nobody's open day."""
    working: tuple[bool, ...]
    own: frozenset[int]
    """What belongs to one intake alone, from the application to the admission's follow-ups."""
    unverified: tuple[str, ...]
    opening: Indexes
    """What cannot begin earlier than so long before studies do."""
    spread: dict[tuple[int, ...], Any] = field(default_factory=dict, compare=False, repr=False)
    """How tasks keep the calendars of a situation, by those calendars: worked out once."""


class _Kept:
    """Networks that were made lately, by the very things they were made of."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._networks: dict[object, tuple[object, Network]] = {}

    def get(self, key: object) -> Network | None:
        found = self._networks.get(key)
        return found[1] if found else None

    def put(self, key: object, made_of: object, network: Network) -> None:
        """Keep the network, and what it was made of, so that no other thing gets its identity meanwhile."""
        if len(self._networks) >= self._most:
            self._networks.clear()
        self._networks[key] = (made_of, network)


_KEPT = _Kept(64)


def network_of(
    pathway: Pathway,
    targets: tuple[Target, ...],
    lead: Target,
    circumstances: Mapping[str, Circumstance],
    pathways: Mapping[str, Pathway],
) -> Network:
    """Return the network of a plan that follows the lead; the same things give the same network."""
    ways = tuple(pathways.items())
    known = tuple(circumstances.items())
    key = (id(pathway), id(lead), tuple(map(id, targets)), known, tuple((key, id(way)) for key, way in ways))
    network = _KEPT.get(key)
    if network is None:
        network = _compiled(pathway, targets, lead, circumstances, pathways)
        _KEPT.put(key, (pathway, lead, targets, ways), network)
    return network


def _compiled(
    pathway: Pathway,
    targets: tuple[Target, ...],
    lead: Target,
    circumstances: Mapping[str, Circumstance],
    pathways: Mapping[str, Pathway],
) -> Network:
    tasks = lay_out(pathway, targets, lead, circumstances, pathways)
    index = {task.key: at for at, task in enumerate(tasks)}
    after = tuple(tuple(index[before] for before in task.after) for task in tasks)
    queues = {at for at, task in enumerate(tasks) if task.step.kind is StepKind.QUEUE}
    lead_way = pathways.get(lead.key, pathway)
    hands_in = {target.key: pathways.get(target.key, pathway).application_step for target in targets}
    hands_in[lead.key] = lead_way.application_step
    windows = tuple(
        at for at, task in enumerate(tasks) if task.step.hard_days is not None and not queues.isdisjoint(after[at])
    )
    return Network(
        pathway=lead_way,
        tasks=tasks,
        keys=tuple(index),
        index=index,
        after=after,
        backwards=range(len(tasks) - 1, -1, -1),
        typical=tuple(task.step.duration.typical for task in tasks),
        most=tuple(_longest(task.step.duration) for task in tasks),
        arrival=index[lead_way.arrival_step],
        applications=tuple(
            (at, task.target.key)
            for at, task in enumerate(tasks)
            if task.target is not None and task.step.code == hands_in[task.target.key]
        ),
        windows=windows,
        calls={at: tuple(before for before in after[at] if before in queues) for at in windows},
        besides={at: tuple(before for before in after[at] if before not in queues) for at in windows},
        waits=tuple(at for at, task in enumerate(tasks) if task.step.kind is StepKind.WAIT and after[at]),
        places=tuple(
            (at, place)
            for at, task in enumerate(tasks)
            if (place := place_key(task.step.calendar, task.country)) and task.step.kind is not StepKind.WINDOW
        ),
        lasting=tuple(task.step.kind in (StepKind.WAIT, StepKind.QUEUE) for task in tasks),
        working=tuple(task.step.counts is DayCount.WORKING for task in tasks),
        own=frozenset(at for at, task in enumerate(tasks) if task.step.scope is not StepScope.SHARED),
        opening=tuple(at for at, task in enumerate(tasks) if task.step.not_before),
        unverified=tuple(task.key for task in tasks if not task.step.confidence.is_verified),
    )


def _longest(duration: Duration) -> int:
    return duration.typical if duration.most is None else duration.most
