"""Verdicts, plans and facts in words, in the language that the request asks for."""

from __future__ import annotations

from ...adapters.bundled.told import told_change, told_finding, told_outlook, told_verdict
from ...adapters.bundled.told_change import told_what_if
from ...adapters.bundled.told_fact import told_fact, told_figure
from ...domain.matching.verdict import Change, Finding
from ...domain.planning.schedule import Outlook, Schedule
from ...domain.planning.what_if import Assumed, PlanDiff
from ...domain.rulebook.facts import Fact
from .words import text_of, words


def finding_in_words(finding: Finding) -> str:
    """Return the sentence of one finding."""
    return told_finding(finding, words())


def change_in_words(change: Change) -> str:
    """Return what the student could do."""
    return told_change(change, words())


def verdict_in_words(finding: Finding) -> str:
    """Return a whole verdict in a few sentences."""
    return told_verdict(finding, words())


def outlook_in_words(outlook: Outlook, schedule: Schedule) -> str:
    """Return how a target of a plan stands, in a few sentences."""
    return told_outlook(outlook, schedule, words())


def what_if_in_words(diff: PlanDiff, assumed: Assumed | None, schedule: Schedule) -> str:
    """Return what a change of a plan comes to, in one sentence that calls the steps as the schedule does."""
    titles = {step.key: text_of(step.task.step) for step in schedule.steps}
    return told_what_if(diff, words().with_steps(titles), assumed)


def fact_in_words(fact: Fact) -> str:
    """Return what the fact says and for how long."""
    return told_fact(fact, words())


def figure_in_words(fact: Fact) -> str:
    """Return the fact's value with its unit."""
    return told_figure(fact, words())
