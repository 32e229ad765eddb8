"""A case in one text: who prepares, what she aims at and how far she is. A pure function reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ..catalogue.programme import Programme
from ..profile.profile import Profile
from ..profile.reading import read_profile_record
from ..rulebook.limits import MOST_DAYS
from ..rulebook.pack import Rulebook
from ..shared.errors import Invalid, Reason, RuleBroken
from ..shared.reading import NotToml, Problems, Record, load_toml, with_lines
from ..shared.times import ZoneLookup
from .making import find_target
from .schedule import Report
from .target import Target, TargetRef


class BrokenCase(Invalid):
    """The case cannot be read."""

    code = "broken_case"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that the student has, as far as its dates are known."""

    kind: str
    issued_on: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that a plan and its verdicts follow from."""

    profile: Profile
    targets: tuple[Target, ...]
    reports: Mapping[str, Report]
    durations: Mapping[str, int]
    papers: tuple[Paper, ...] | None
    today: date | None


def read_case(text: str, name: str, rulebook: Rulebook, programmes: Mapping[str, Programme], zones: ZoneLookup) -> Case:
    """Return the case that the TOML text holds; programmes are named by their keys.

    Raises BrokenCase with every problem at once, each with ``name``, the line, the place and the reason.
    """
    try:
        data = load_toml(text)
    except NotToml as error:
        raise BrokenCase(Reason("case.not_toml", {"detail": str(error)}, name)) from None
    problems = Problems()
    root = Record(data, "", problems)
    profile = read_profile_record(root.table("profile"), rulebook, zones)
    home = profile.residence.zone if profile.residence and not problems.found else "UTC"
    targets = [_target(r, programmes, zones, home) for r in root.tables("targets")]
    found = [target for target in targets if target is not None]
    case = Case(
        profile=profile,
        targets=tuple(found),
        reports=_reports(root, {target.key for target in found}),
        durations=_durations(root),
        papers=_papers(root, rulebook),
        today=root.maybe_day("today"),
    )
    root.done()
    if problems.found:
        raise BrokenCase(*with_lines(problems.found, text, name))
    return case


def _target(r: Record, programmes: Mapping[str, Programme], zones: ZoneLookup, home: str) -> Target | None:
    key, term, starts_on = r.text("programme"), r.text("term"), r.day("starts_on")
    r.done()
    programme = programmes.get(key)
    if programme is None:
        if key:
            r.wrong("programme", "programme.unknown", id=key)
        return None
    try:
        return find_target(programme, TargetRef(programme.id, term, starts_on), zones, home)
    except RuleBroken as error:
        for reason in error.reasons:
            r.wrong("starts_on" if "starts" in reason.code else "term", reason.code, **reason.params)
        return None


def _reports(root: Record, targets: set[str]) -> dict[str, Report]:
    reports: dict[str, Report] = {}
    for r in root.tables("reports"):
        step, target = r.text("step"), r.text("target", "")
        report = Report(r.maybe_day("started_on"), r.maybe_day("finished_on"))
        r.done()
        if target and target not in targets:
            r.wrong("target", "plan.unknown_target", target=target)
        if report.started_on is None and report.finished_on is None:
            r.wrong("started_on", "data.missing")
        if report.started_on and report.finished_on and report.finished_on < report.started_on:
            r.wrong("finished_on", "plan.ends_before_it_begins")
        reports[f"{step}@{target}" if target else step] = report
    return reports


def _durations(root: Record) -> dict[str, int]:
    table = root.maybe_table("durations")
    return {} if table is None else {step: table.integer(step, most=MOST_DAYS) for step in table.data}


def _papers(root: Record, rulebook: Rulebook) -> tuple[Paper, ...] | None:
    if not root.has("papers"):
        return None
    papers = []
    for r in root.tables("papers"):
        paper = Paper(r.text("kind"), r.maybe_day("issued_on"), r.maybe_day("expires_on"))
        r.done()
        if paper.kind and paper.kind not in rulebook.document_kinds:
            r.wrong("kind", "document.unknown_kind", kind=paper.kind)
        papers.append(paper)
    return tuple(papers)
