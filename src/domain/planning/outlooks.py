"""How a target stands when the plan follows it: in time, at risk or late, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ..shared.errors import Reason
from .passes import Days, Setting
from .schedule import WINDOW_MISSED, Outcome, Outlook, reason
from .target import LaterStart

_LOST = "late.window_missed"


def outlook_of(days: Days) -> Outlook:
    """Return how the target stands that the days follow."""
    network = days.network
    situation, key = days.setting.situation, days.setting.lead.key
    over = situation.lost.get(key) or situation.passed.get(key)
    arrival = network.tasks[network.arrival].key
    chain = tuple(map(network.keys.__getitem__, days.chain_to(network.arrival)))
    windows = _missed_windows(days)
    lost = [found for found in windows if found.code == _LOST]
    late = [*_late_arrival(days, arrival), *_missed_deadline(days), *lost]
    risks = [found for found in windows if found.code != _LOST]
    if not late:
        named = {found.where for found in windows}
        risks += [found for found in _at_worst(days, arrival) if found.where not in named]
    return Outlook(
        target=days.setting.lead,
        outcome=_outcome(late, risks, over),
        arrives_on=date.fromordinal(days.arrives),
        slack=days.slack,
        chain=chain,
        reasons=(over,) if over else (*late, *risks),
        next_safe=_next_safe(days) if over or (late and not lost) else None,
    )


def _outcome(late: list[Reason], risks: list[Reason], over: Reason | None) -> Outcome:
    if over:
        return Outcome.LOST
    return Outcome.LATE if late else Outcome.AT_RISK if risks else Outcome.ON_TIME


def _late_arrival(days: Days, arrival: str) -> list[Reason]:
    if days.slack >= 0:
        return []
    arrives = date.fromordinal(days.arrives).isoformat()
    starts = days.setting.lead.starts_on.isoformat()
    return [reason("late.arrival", arrival, days=-days.slack, arrives_on=arrives, starts_on=starts)]


def _missed_deadline(days: Days) -> list[Reason]:
    """Name the lead's application deadline when the application cannot be handed in before it."""
    found = []
    lead = days.setting.lead.key
    dues = days.setting.dues
    for at, target in days.network.applications:
        if target != lead or at not in dues or days.setting.done[at]:
            continue
        last, why = dues[at]
        over = days.finish[at] - last
        if over > 0:
            key = days.network.tasks[at].key
            found.append(reason("late.application_deadline", key, days=over, on=why.params["on"]))
    return found


def _missed_windows(days: Days, *, worst: bool = False) -> list[Reason]:
    """Name each window that closes before everything else that it needs is ready, or that has closed already.

    A window whose queue has called is lost; one that is still to open can be met by being quicker.
    """
    network, finish = days.network, days.worst if worst else days.finish
    found = []
    for at in network.windows:
        closes = days.window_closes(at, worst=worst)
        if closes is None or days.setting.done[at]:
            continue
        last = max(network.besides[at], key=lambda one: finish[one], default=at)
        ready = days.today if last == at else max(finish[last], days.today)
        if ready > closes:
            code = _LOST if days.was_called(at) else WINDOW_MISSED
            shuts = date.fromordinal(closes).isoformat()
            key, waits_for = network.tasks[at].key, network.tasks[last].key
            found.append(reason(code, key, days=ready - closes, closes_on=shuts, waits_for=waits_for))
    return found


def _at_worst(days: Days, arrival: str) -> list[Reason]:
    """Say what would go wrong if every step took its longest known time: the arrival, and each window."""
    found = []
    arrives = days.worst[days.network.arrival]
    over = arrives - days.setting.lead.starts_on.toordinal()
    if over > 0:
        found.append(reason("risk.late_at_worst", arrival, days=over, arrives_on=date.fromordinal(arrives).isoformat()))
    missed = _missed_windows(days, worst=True)
    return [*found, *(Reason("risk.window_missed_at_worst", one.params, one.where) for one in missed)]


def _next_safe(days: Days) -> LaterStart | None:
    """Return the first later beginning of the same programme that is reached in time, application included."""
    return next((later for later in days.setting.lead.later_starts if _reaches(days, later)), None)


def _reaches(days: Days, later: LaterStart) -> bool:
    lead = replace(days.setting.lead, starts_on=later.starts_on, apply_by=later.apply_by)
    # What was reported for the lost intake alone, from the application to the admission's follow-ups, does not count
    # for a later one.
    own = {days.network.tasks[at].key for at in days.network.own}
    reports = {key: report for key, report in days.setting.situation.reports.items() if key not in own}
    known = {key: answer for key, answer in days.setting.situation.known.items() if key not in own}
    situation = replace(days.setting.situation, targets=(lead,), reports=reports, known=known, lost={}, passed={})
    again = Days(Setting(days.network, situation, lead))
    return again.slack >= 0 and not _missed_deadline(again)
