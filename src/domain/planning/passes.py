"""The passes over a plan's tasks: forward from today, backward from what is due.

Days are whole calendar days, counted as ordinals in here since whole numbers are quick.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from ..rulebook.conditions import Circumstance
from ..rulebook.pathways import Duration, Pathway, StepKind
from ..shared.dataclass import dataclass
from ..shared.errors import Reason
from .schedule import Report, Reports, State, reason
from .target import Target
from .tasks import Task

NEVER = date.max.toordinal()
_NO_REPORT = Report()


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that a schedule follows from; equal situations give equal schedules.

    ``durations`` are days that the student assumes for a step instead of the pack's; ``lead_days`` say how many days
    before its stated deadline a step of a target has to be done, by (step code, target key).
    """

    today: date
    targets: tuple[Target, ...]
    reports: Reports
    circumstances: Mapping[str, Circumstance]
    durations: Mapping[str, int]
    lead_days: Mapping[tuple[str, str], int]

    def state(self, key: str) -> State:
        """How far the step is."""
        return self.reports.get(key, _NO_REPORT).state


class Days:
    """The earliest and latest days of every task of one plan that follows one target."""

    def __init__(
        self, situation: Situation, pathway: Pathway, lead: Target, tasks: tuple[Task, ...], *, worst: bool = False
    ) -> None:
        self.situation = situation
        self.pathway = pathway
        self.lead = lead
        self.tasks = tasks
        self.by_key = {task.key: task for task in tasks}
        self.today = situation.today.toordinal()
        self.start: dict[str, int] = {}
        self.finish: dict[str, int] = {}
        self._forward(_longest if worst else _typical)

    @property
    def arrival(self) -> Task:
        """The step whose end is the arrival."""
        return self.by_key[self.pathway.arrival_step]

    @property
    def slack(self) -> int:
        """Days between the arrival and the first day of studies; negative when it comes after."""
        return self.lead.starts_on.toordinal() - self.finish[self.arrival.key]

    def _forward(self, length: Callable[[Duration], int]) -> None:
        for task in self.tasks:
            report = self.situation.reports.get(task.key, _NO_REPORT)
            days = self.situation.durations.get(task.key, length(task.step.duration))
            ready = max((self.finish[before] for before in task.after), default=self.today)
            if report.finished_on is not None:
                finish = report.finished_on.toordinal()
                start = min((report.started_on or report.finished_on).toordinal(), finish)
            elif report.started_on is not None:
                start = report.started_on.toordinal()
                finish = max(start + days, self.today, ready)
            elif self._runs_by_itself(task):
                start, finish = ready, max(ready + days, self.today)
            else:
                start = max(ready, self.today, self._opens(task))
                finish = start + days
            self.start[task.key], self.finish[task.key] = start, finish
            self._end_with_window(task)

    def state(self, task: Task) -> State:
        """Return how far the task is: as reported, or under way when it is a wait that has begun by itself."""
        reported = self.situation.state(task.key)
        return State.IN_PROGRESS if reported is State.TO_DO and self._runs_by_itself(task) else reported

    def _runs_by_itself(self, task: Task) -> bool:
        """Whether it is a wait on others, which begins when the last step before it is done, whoever reports it."""
        if task.step.kind is not StepKind.WAIT or not task.after:
            return False
        return all(self.situation.state(before) is State.DONE for before in task.after)

    def _end_with_window(self, task: Task) -> None:
        """A window does not last longer than it is open, as long as it can be kept at all."""
        closes = self.window_closes(task)
        if closes is not None and self.situation.state(task.key) is not State.DONE:
            can_be_kept = self.start[task.key] <= closes and self.today <= closes
            self.finish[task.key] = min(self.finish[task.key], closes) if can_be_kept else self.finish[task.key]

    def _opens(self, task: Task) -> int:
        """The day on which the programme begins to take applications; 0 where nothing says so."""
        if task.step.code != self.pathway.application_step or task.target is None or task.target.apply_by is None:
            return 0
        opens = task.target.apply_by.opens_on
        return opens.toordinal() if opens else 0

    def backward(self) -> tuple[dict[str, int], dict[str, Reason]]:
        """Return the latest finish of each task (NEVER where nothing is due after it) and what makes it due."""
        latest = dict.fromkeys(self.by_key, NEVER)
        due: dict[str, Reason] = {}
        for task in reversed(self.tasks):
            own = self.due(task)
            if own is not None and own[0] <= latest[task.key]:
                latest[task.key], due[task.key] = own
            state = self.situation.state(task.key)
            if latest[task.key] == NEVER or state is State.DONE:
                continue  # what is done asks nothing more of the steps before it
            lasts = self.finish[task.key] - self.start[task.key] if state is State.TO_DO else 0
            begin = latest[task.key] - lasts
            closes = self.window_closes(task)
            for before in task.after:
                limit = begin if closes is None or self._calls(before) else min(begin, closes)
                latest[before] = min(latest[before], limit)
            # Its own last day is the window's: however late the call may come, then there are only these days.
            latest[task.key] = latest[task.key] if closes is None else min(latest[task.key], closes)
        return latest, due

    def due(self, task: Task) -> tuple[int, Reason] | None:
        """Return the last day for the task for a reason of its own, with that reason; None where there is none."""
        if task.step.code == self.pathway.arrival_step:
            starts = self.lead.starts_on
            return starts.toordinal(), reason("due.studies_begin", self.lead.key, on=starts.isoformat())
        target = task.target
        if task.step.code == self.pathway.application_step and target is not None and target.apply_by is not None:
            early = self.situation.lead_days.get((task.step.code, target.key), 0)
            last = target.apply_by.last_day.toordinal() - early
            on = date.fromordinal(last).isoformat()
            return last, reason("due.application_deadline", target.key, on=on, days_early=early)
        return None

    def window_closes(self, task: Task) -> int | None:
        """Return the last day of a window that opens when a queue calls; None where the task is no such window."""
        if task.step.kind is not StepKind.WINDOW or task.step.hard_days is None:
            return None
        called = [self.finish[before] for before in task.after if self._calls(before)]
        return max(called) + task.step.hard_days if called else None

    def was_called(self, task: Task) -> bool:
        """Whether the queue that opens the window has called already."""
        return any(self._calls(before) and self.situation.state(before) is State.DONE for before in task.after)

    def waits_besides_call(self, task: Task) -> list[str]:
        """Return what a window needs besides the call of its queue."""
        return [before for before in task.after if not self._calls(before)]

    def chain_to(self, task: Task) -> tuple[str, ...]:
        """Walk back along whatever each step waited for last, to the first one that is not done; first to last."""
        chain = [task.key]
        while task.after:
            before = max(task.after, key=lambda key: (self.finish[key], key))
            decides = self.start[task.key] if self.situation.state(task.key) is State.TO_DO else self.finish[task.key]
            if self.finish[before] < decides or self.situation.state(before) is State.DONE:
                break
            chain.append(before)
            task = self.by_key[before]
        return tuple(reversed(chain))

    def day(self, key: str) -> date:
        """Return the day on which the task is done."""
        return date.fromordinal(self.finish[key])

    def _calls(self, key: str) -> bool:
        return self.by_key[key].step.kind is StepKind.QUEUE


def _typical(duration: Duration) -> int:
    return duration.typical


def _longest(duration: Duration) -> int:
    return duration.typical if duration.most is None else duration.most
