"""What is to be done: what carries a job out, by its name, and which jobs follow from an event, by the event's tag."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from ...domain.shared.events import Event
from ...domain.shared.ids import EventId
from ...ports.jobs import Job, Priority
from .progress import Progress
from .schedules import Schedule

Task = Callable[[Job, Progress], Awaitable[None]]
"""Carries a job out. It may be called again for the same job, also after it came to its end."""

E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class Reaction:
    """A job that follows from an event, and how soon it is wanted."""

    task: Task
    priority: Priority = Priority.NORMAL
    one_by_one: bool = False
    """It tells somebody outside who takes no key of ours, as those do who deliver mail and text messages.

    A worker carries such jobs out one after another, and notes how one ended before it begins the next: whenever it is
    killed, one message at most has gone out of which nothing is noted.
    """


Reactions = Mapping[str, Mapping[str, Reaction]]
"""From an event's tag to the names of its reactions."""


@dataclass(frozen=True)
class Duties:
    """Everything that workers know how to do.

    A name is kept with its jobs, so it stays for as long as a job with it may wait.
    """

    reactions: Reactions = field(default_factory=dict)
    tasks: Mapping[str, Task] = field(default_factory=dict)
    """Jobs that follow from no event."""
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    """When jobs of these names become due again and again."""
    tasks_one_by_one: Collection[str] = ()
    """Which of the tasks are carried out one by one, as reactions may be."""

    @cached_property
    def one_by_one(self) -> frozenset[str]:
        """The names of all jobs that are carried out one by one; one name is so wherever it is used."""
        reacting = {
            name for named in self.reactions.values() for name, reaction in named.items() if reaction.one_by_one
        }
        return frozenset(reacting) | frozenset(self.tasks_one_by_one)

    def task(self, job: Job) -> Task:
        """Return what carries the job out; raise KeyError where this code knows none."""
        if job.envelope is None:
            return self.tasks[job.name]
        return self.reactions[job.envelope.event.tag][job.name].task


def on(
    kind: type[E],
    react: Callable[[E, EventId], Awaitable[None]],
    priority: Priority = Priority.NORMAL,
    *,
    one_by_one: bool = False,
) -> Reaction:
    """Return the reaction to an event of that kind which calls ``react`` with the event and the event's id."""

    async def task(job: Job, _: Progress) -> None:
        if job.envelope is None or not isinstance(job.envelope.event, kind):
            raise TypeError(f"job {job.id} ({job.name}) follows from no {kind.__name__}")
        await react(job.envelope.event, job.envelope.id)

    return Reaction(task, priority, one_by_one)
