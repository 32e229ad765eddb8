"""The passes over a plan's network: forward from today, backward from what is due.

Days are whole days, counted as ordinals in here since whole numbers are quick.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ..shared.errors import Reason
from .known import Known
from .network import Network
from .schedule import Report, State, reason
from .situation import Situation
from .spans import How, Span, spread
from .target import ApplyBy, Target

NEVER = date.max.toordinal()


class Setting:
    """A network in a situation: what is reported, known and assumed of each task. All passes start from it."""

    __slots__ = (
        "answers", "days", "done", "dues", "hows", "late_days", "lead", "network", "openings", "reports", "rows",
        "situation", "today", "under_way",
    )  # fmt: skip

    def __init__(
        self, network: Network, situation: Situation, lead: Target, *, without: frozenset[int] = frozenset()
    ) -> None:
        self.network, self.situation, self.lead = network, situation, lead
        self.today = situation.today.toordinal()
        self.reports: dict[int, Report] = {}
        self.answers: dict[int, Known] = {}
        self.done: list[bool] = [False] * len(network.tasks)
        self.under_way: set[int] = set()
        self.openings = self._openings()
        self.hows, self.rows = spread(network, situation.calendars, self.today)
        self.days: Sequence[int] = network.typical
        self.late_days: Sequence[int] = network.most
        self._take_reports(without)
        self._take_durations()
        self._choose_spans()
        self.dues = self._dues()

    def _take_reports(self, without: frozenset[int]) -> None:
        reports, known = self.situation.reports, self.situation.known
        if not reports and not known:
            return
        for at, task in enumerate(self.network.tasks):
            report = reports.get(task.key)
            if report is None and task.also:
                report = next((reports[key] for key in task.also if key in reports), None)
            if report is None and at not in without:
                found = self.situation.answer(task.step.code, task.key, task.also)
                if found is not None:
                    self.answers[at], report = found, found.report
            if report is None or (report.started_on is None and report.finished_on is None):
                continue
            self.reports[at] = report
            if report.finished_on is not None:
                self.done[at] = True
            else:
                self.under_way.add(at)

    def _take_durations(self) -> None:
        if not self.situation.durations:
            return
        typical, most = list(self.network.typical), list(self.network.most)
        for key, days in self.situation.durations.items():
            at = self.network.index.get(key)
            if at is not None:
                typical[at] = most[at] = days
        self.days, self.late_days = typical, most

    def _choose_spans(self) -> None:
        """Say for each task that is more than so many plain days how its days come about; later ones wrap earlier."""
        network, hows, today = self.network, self.hows, self.today
        for at, report in self.reports.items():
            self._set(at, _reported(report, hows[at], today))
        for at in network.waits if self.reports else ():
            opens = self.openings.get(at, 0)
            if at not in self.reports and opens <= today and all(self.done[before] for before in network.after[at]):
                self.under_way.add(at)
                self._set(at, How(hows[at], by_itself=network.after[at], opens=opens, today=today))
        for at, key in network.applications:
            stated = self.apply_by(key)
            if at not in self.reports and stated is not None and stated.opens_on is not None:
                self._set(at, How(hows[at], opens=stated.opens_on.toordinal(), today=today))
        for at, opens in self.openings.items():
            if at not in self.reports and at not in self.under_way:
                self._set(at, How(hows[at], opens=opens, today=today))
        for at in network.windows:
            if not self.done[at]:
                hard = network.tasks[at].step.hard_days or 0
                self._set(at, How(hows[at], window=(network.calls[at], hard), today=today))

    def _openings(self) -> dict[int, int]:
        """Return the first day on which the rules let a task begin, counted back from the studies that it is for."""
        found = {}
        for at in self.network.opening:
            code, studies = self.network.tasks[at].step.code, self.studies(at)
            before = self.situation.not_before.get((code, studies.key))
            if before is not None:
                found[at] = before.day(studies.starts_on).toordinal()
        return found

    def studies(self, at: int) -> Target:
        """Return the target for whose studies the task is done: its own, or else the one that the plan follows."""
        own = self.network.tasks[at].target
        return self.lead if own is None or own.key == self.lead.key else own

    def _set(self, at: int, how: How | None) -> None:
        self.hows[at], self.rows[at] = how, None

    def _dues(self) -> dict[int, tuple[int, Reason]]:
        """Return the last day of each task that has a reason of its own to be done by then, with that reason; the
        deadline of another target that has passed hurries nobody any more."""
        lead = self.lead
        found = {}
        for at, key in self.network.applications:
            stated = self.apply_by(key)
            if stated is not None and (key == lead.key or key not in self.situation.passed):
                early = self.situation.lead_days.get((self.network.tasks[at].step.code, key), 0)
                last = stated.last_day.toordinal() - early
                on = date.fromordinal(last).isoformat()
                found[at] = last, reason("due.application_deadline", key, on=on, days_early=early)
        starts = lead.starts_on
        found[self.network.arrival] = (
            starts.toordinal(),
            reason("due.studies_begin", lead.key, on=starts.isoformat()),
        )
        return found

    def apply_by(self, target: str) -> ApplyBy | None:
        """Return the application deadline of the target; for the lead that of the intake that is asked about."""
        if target == self.lead.key:
            return self.lead.apply_by
        return next((other.apply_by for other in self.situation.targets if other.key == target), None)

    def state(self, at: int) -> State:
        """How far the task is: as reported or known, or under way when it is a wait that has begun by itself."""
        if self.done[at]:
            return State.DONE
        return State.IN_PROGRESS if at in self.under_way else State.TO_DO


def _reported(report: Report, how: How | None, today: int) -> How | None:
    """Return how the days of a task come about that was reported so."""
    begun = report.started_on.toordinal() if report.started_on else None
    if report.finished_on is not None:
        last = report.finished_on.toordinal()
        return Span(last if begun is None else min(begun, last), last)
    return how if begun is None else How(how, began=begun, today=today)


class Days:
    """The earliest days of every task of a setting, and from them the latest ones.

    ``worst`` are the days on which each would be done if every step took its longest known time.
    """

    __slots__ = ("days", "finish", "network", "setting", "today", "worst")

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.network = setting.network
        self.today = setting.today
        self.days = setting.days
        self.finish: list[int] = []
        self.worst: list[int] = []
        self._forward()

    @property
    def arrives(self) -> int:
        """The day of the arrival."""
        return self.finish[self.network.arrival]

    @property
    def slack(self) -> int:
        """Days between the arrival and the first day of studies; negative when it comes after."""
        return self.setting.lead.starts_on.toordinal() - self.arrives

    @property
    def lodged_on(self) -> date:
        """The day on which the papers are handed in: that of the pathway's step for it, or else that of the step before
        the wait for the decision."""
        network, way = self.network, self.network.pathway
        decision = network.index.get(way.decision_step)
        before = () if decision is None else network.after[decision]
        if way.lodgement_step:
            lodging = network.index.get(way.lodgement_step)
            before = () if lodging is None else (lodging,)
        days = [self.finish[at] if self.setting.done[at] else self.start(at) for at in before]
        return date.fromordinal(max(days, default=self.today))

    def _forward(self) -> None:
        """Both passes go in one loop, since most of what a pass costs is the loop."""
        setting, today, finish, worst = self.setting, self.today, self.finish, self.worst
        end, end_late = finish.append, worst.append
        for after, days, most, row, how in zip(  # noqa: B905 - all are as long as the network
            self.network.after, self.days, setting.late_days, setting.rows, setting.hows
        ):
            ready = late = today
            for before in after:
                done = finish[before]
                if done > ready:
                    ready = done
                done = worst[before]
                if done > late:
                    late = done
            if row is not None:
                rank, opens, low = row
                try:
                    over = opens[rank[late - low] + most]
                    end(opens[rank[ready - low] + days])
                    end_late(over)
                    continue
                except IndexError:  # beyond the years that the calendar knows
                    pass
            if how is None:
                end(ready + days)
                end_late(late + most)
            else:
                end(how.span(ready, days, finish)[1])
                end_late(how.span(late, most, worst)[1])

    def start(self, at: int) -> int:
        """Return the first day of the task."""
        how, finish = self.setting.hows[at], self.finish
        ready = max([self.today, *[finish[before] for before in self.network.after[at]]])
        return ready if how is None else how.span(ready, self.days[at], finish)[0]

    def backward(self) -> tuple[list[int], dict[int, Reason]]:
        """Return the latest finish of each task (NEVER where nothing is due after it) and what makes it due."""
        setting, network = self.setting, self.network
        hows = setting.hows
        latest = [NEVER] * len(hows)
        for at, (due, _) in setting.dues.items():
            latest[at] = due
        for at, days, row, after in zip(  # noqa: B905 - all are as long as the network
            network.backwards, reversed(self.days), reversed(setting.rows), reversed(network.after)
        ):
            last = latest[at]
            if row is not None:
                rank, opens, low = row
                offset = last + 1 - low
                try:
                    index = rank[offset] - 1 if offset > 0 else 0
                except IndexError:
                    index = 0
                if index > days:
                    latest[at] = opens[index]
                    begin = opens[index - days]
                else:  # not within the years that the calendar knows
                    begin = self._latest_start(at, latest)
            elif hows[at] is None:
                begin = last - days if last != NEVER else NEVER
            else:
                begin = self._latest_start(at, latest)
            for before in after:
                if begin < latest[before]:
                    latest[before] = begin
        return latest, {at: why for at, (due, why) in setting.dues.items() if latest[at] >= self._until(at, due)}

    def _until(self, at: int, last: int) -> int:
        how = self.setting.hows[at]
        return last if how is None else how.until(last)

    def _latest_start(self, at: int, latest: list[int]) -> int:
        """Limit the task itself to the days on which it can end, and return the latest day on which it can begin."""
        how, last = self.setting.hows[at], latest[at]
        if how is None or last == NEVER or self.setting.done[at]:
            return NEVER  # what is done asks nothing more of the steps before it
        latest[at] = how.until(last)
        if at in self.setting.under_way:
            begin = latest[at]
        elif at in self.network.calls:
            begin = last - (self.finish[at] - self.start(at))
            called = self._latest_call(at, last)
            for before in self.network.calls[at]:
                latest[before] = min(latest[before], called)
        else:
            begin = how.latest_start(last, self.days[at])
        closes = self.window_closes(at)
        if closes is not None:
            for before in self.network.besides[at]:
                latest[before] = min(latest[before], closes)
            latest[at] = min(latest[at], closes)  # however late the call may come, then there are only these days
        return begin

    def _latest_call(self, at: int, last: int) -> int:
        """Return the latest day of a call after which the window can still be over on the day ``last``.

        A window that is short only because all else was late is as long as it may be after a later call.
        """
        ready = max([self.today, *[self.finish[before] for before in self.network.besides[at]]])
        hard = self.network.tasks[at].step.hard_days or 0
        days = min(self.days[at], hard)
        return last - days if ready + days <= last else last - hard

    def window_closes(self, at: int, *, worst: bool = False) -> int | None:
        """Return the last day of a window that opens when a queue calls; None where the task is no such window."""
        calls = self.network.calls.get(at)
        if calls is None:
            return None
        finish = self.worst if worst else self.finish
        return max(finish[before] for before in calls) + (self.network.tasks[at].step.hard_days or 0)

    def was_called(self, at: int) -> bool:
        """Whether the queue that opens the window has called already."""
        return any(self.setting.done[before] for before in self.network.calls[at])

    def decides(self, at: int) -> int | None:
        """Return the task whose end decided the days of this one, or None where nothing before it did."""
        finish, done, keys = self.finish, self.setting.done, self.network.keys
        before, latest = -1, 0
        for one in self.network.after[at]:
            end = finish[one]
            if end > latest or (end == latest and keys[one] > keys[before]):
                before, latest = one, end
        if before < 0 or done[at] or done[before]:
            return None
        if self.setting.rows[at] is not None:
            return before if latest >= self.today else None
        how = self.setting.hows[at]
        return before if how is None or how.hangs_on(latest, finish[at], self.today) else None

    def chain_to(self, at: int) -> tuple[int, ...]:
        """Walk back along whatever each step waited for last, to the first one that is not done; first to last."""
        chain = [at]
        decides = self.decides
        while (before := decides(at)) is not None:
            chain.append(before)
            at = before
        return tuple(reversed(chain))
