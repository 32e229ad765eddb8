"""Verdicts and outlooks of plans as a few sentences, for people."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.matching.verdict import Change, Finding, Standing
from ...domain.planning.schedule import Outcome, Outlook, PlannedStep, Schedule, State
from ...domain.planning.target import LaterStart
from ...domain.shared.errors import Params
from .messages import Messages


def told_finding(finding: Finding, messages: Messages) -> str:
    """Return the sentence of one finding, without those of its parts."""
    code = finding.code if "." in finding.code else f"{finding.code}.{finding.code}"
    return messages.sentence(code, finding.params)


def told_change(change: Change, messages: Messages) -> str:
    """Return what the student could do, as the middle of a sentence: ``take IELTS Academic and reach 6.5``."""
    return messages.sentence(f"change.{change.code}", change.params)


def told_verdict(finding: Finding, messages: Messages) -> str:
    """Return a verdict in sentences: how it stands, what decides about that, and the cheapest change."""
    because = " ".join(dict.fromkeys(told_finding(one, messages) for one in deciding(finding)))
    standing = messages.name("standing", finding.standing.word)
    return f"{messages.sentence('told.verdict', {'standing': standing, 'because': because})} {_flip(finding, messages)}"


def deciding(finding: Finding) -> Iterator[Finding]:
    """Yield the findings that make the verdict no better than it is; of alternatives, the best one only."""
    if not finding.parts:
        yield finding
    elif finding.code == "any_of":
        best = next((part for part in finding.parts if part.standing is finding.standing), finding.parts[0])
        yield from deciding(best)
    else:
        for part in finding.parts:
            if part.standing is finding.standing:
                yield from deciding(part)


def _flip(finding: Finding, messages: Messages) -> str:
    if finding.standing is Standing.MET:
        return messages.sentence("told.nothing_to_change")
    if not finding.flip:
        return messages.sentence("told.no_change")
    changes = messages.locale.listed([told_change(change, messages) for change in finding.flip])
    return messages.sentence("told.one_change", {"changes": changes})


def told_outlook(outlook: Outlook, schedule: Schedule, messages: Messages) -> str:
    """Return how a target stands in sentences: in time or how late, why, what decides, and the next safe intake."""
    reasons = [messages.reason(reason) for reason in outlook.reasons if reason.code != "late.arrival"]
    chain = " → ".join(_link(key, schedule, messages) for key in outlook.chain)
    is_lost = outlook.outcome is Outcome.LOST
    told = reasons if is_lost else [_in_time(outlook, messages), *reasons]
    if chain and not is_lost:
        told.append(messages.sentence("told.chain", {"chain": chain}))
    if is_lost or outlook.outcome is Outcome.LATE:
        told.append(told_next_safe(outlook.next_safe, messages))
    return " ".join(told)


def _in_time(outlook: Outlook, messages: Messages) -> str:
    params: Params = {
        "days": abs(outlook.slack),
        "arrives_on": outlook.arrives_on.isoformat(),
        "starts_on": outlook.target.starts_on.isoformat(),
    }
    if outlook.outcome is Outcome.LATE:
        return messages.sentence("told.late" if outlook.slack < 0 else "told.too_late", params)
    if outlook.misses_window:
        return messages.sentence("told.window_missed", params)
    exactly = outlook.slack == 0
    if outlook.outcome is Outcome.AT_RISK:
        return messages.sentence("told.at_risk_on_the_day" if exactly else "told.at_risk", params)
    return messages.sentence("told.on_the_day" if exactly else "told.on_time", params)


def _link(key: str, schedule: Schedule, messages: Messages) -> str:
    """Return the step by its title, with the days that it takes where it is still to do and takes any."""
    step = schedule.step(key) or _of_code(key.partition("@")[0], schedule)
    if step is None:
        return messages.name("step", key)
    title = messages.text(step.task.step)
    days = (step.finish - step.start).days
    if step.state is State.DONE or days == 0:
        return title
    return messages.sentence("told.link", {"title": title, "days": days})


def _of_code(code: str, schedule: Schedule) -> PlannedStep | None:
    """Return a step of another target that is the same step of the pathway."""
    return next((step for step in schedule.steps if step.task.step.code == code), None)


def told_next_safe(later: LaterStart | None, messages: Messages) -> str:
    """Return the next intake that is reached in time, or that none is known."""
    if later is None:
        return messages.sentence("told.no_next_safe")
    params: Params = {
        "term": later.term,
        "year": messages.locale.digits(str(later.starts_on.year)),
        "starts_on": later.starts_on.isoformat(),
    }
    if later.apply_by is None:
        return messages.sentence("told.next_safe", params)
    return messages.sentence("told.next_safe_by", {**params, "apply_by": later.apply_by.last_day.isoformat()})
