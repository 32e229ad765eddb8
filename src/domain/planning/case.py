"""A case in one text: who prepares, what she aims at and how far she is. A pure function reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from ..catalogue.programme import Programme
from ..profile.profile import Profile
from ..profile.reading import read_profile_record
from ..rulebook.free_entry import needs_visa
from ..rulebook.limits import MOST_DAYS
from ..rulebook.pack import Rulebook
from ..rulebook.pathways import Pathway, StepScope
from ..shared.dataclass import dataclass
from ..shared.errors import Invalid, Reason, RuleBroken
from ..shared.reading import Problems, Record
from ..shared.times import ZoneLookup
from ..shared.toml import NotToml, load_toml, with_lines
from .making import find_pathways, find_target
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
    """Everything that a plan and its verdicts follow from, and the text with its name that it was read from."""

    profile: Profile
    targets: tuple[Target, ...]
    reports: Mapping[str, Report]
    durations: Mapping[str, int]
    papers: tuple[Paper, ...] | None
    today: date | None
    text: str = ""
    name: str = ""

    def reports_to_come(self, today: date) -> tuple[Reason, ...]:
        """Return a reason for each day of a report that is still to come on the day: a plan made on it would be wrong
        in silence."""
        return tuple(
            Reason("plan.day_in_future", {"on": on.isoformat(), "today": today.isoformat()}, f"reports[{at}].{name}")
            for at, report in enumerate(self.reports.values())
            for name, on in (("started_on", report.started_on), ("finished_on", report.finished_on))
            if on is not None and on > today
        )

    def placed(self, reasons: Iterable[Reason]) -> tuple[Reason, ...]:
        """Return the reasons with the name and the line of the text that their places are in."""
        return with_lines(list(reasons), self.text, self.name)


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
    targets = _targets(root, programmes, _Finding(profile, rulebook, zones, home))
    steps = _Steps(_pathways(targets, profile, rulebook), {target.key for target in targets})
    case = Case(
        profile=profile,
        targets=targets,
        reports=_reports(root, steps),
        durations=_durations(root, steps),
        papers=_papers(root, rulebook),
        today=root.maybe_day("today"),
        text=text,
        name=name,
    )
    root.done()
    if problems.found:
        raise BrokenCase(*with_lines(problems.found, text, name))
    return case


class _Steps:
    """Which steps there are to report on; without a pathway nothing can be said of them."""

    def __init__(self, pathways: Sequence[Pathway], targets: set[str]) -> None:
        self.pathways = pathways
        self.targets = targets

    def wrong(self, code: str, target: str) -> Reason | None:
        """Return why there is no such step of such a target, or None."""
        if target and target not in self.targets:
            return Reason("plan.unknown_target", {"target": target[:80]}, "target")
        step = next((found for pathway in self.pathways if (found := pathway.step(code))), None)
        if not self.pathways or not code:
            return None
        if step is None:
            return Reason("plan.unknown_step", {"step": code[:80]}, "step")
        if step.scope is StepScope.TARGET and not target:
            return Reason("plan.step_needs_target", {"step": code}, "target")
        if step.scope is not StepScope.TARGET and target:
            return Reason("plan.step_has_no_target", {"step": code}, "target")
        return None


def _pathways(targets: Sequence[Target], profile: Profile, rulebook: Rulebook) -> tuple[Pathway, ...]:
    try:
        return tuple(find_pathways(targets, profile, rulebook).values())
    except RuleBroken:
        return ()  # it is for whoever makes a plan of the case to say so; other things can be done with it


@dataclass(frozen=True, slots=True)
class _Finding:
    """What it takes to make a target of a programme for this student."""

    profile: Profile
    rulebook: Rulebook
    zones: ZoneLookup
    home: str

    def target(self, programme: Programme, ref: TargetRef) -> Target:
        visa = needs_visa(programme.institution.country, self.profile.citizenships, self.rulebook, ref.starts_on)
        return find_target(programme, ref, self.zones, self.home, visa_required=visa)


def _targets(root: Record, programmes: Mapping[str, Programme], finding: _Finding) -> tuple[Target, ...]:
    found: dict[str, Target] = {}
    for r in root.tables("targets"):
        target = _target(r, programmes, finding)
        if target is not None and target.key in found:
            r.wrong("programme", "plan.target_twice")
        elif target is not None:
            found[target.key] = target
    return tuple(found.values())


def _target(r: Record, programmes: Mapping[str, Programme], finding: _Finding) -> Target | None:
    key, term, starts_on = r.text("programme"), r.text("term"), r.maybe_day("starts_on", required=True)
    r.done()
    programme = programmes.get(key)
    if programme is None:
        if key:
            r.wrong("programme", "programme.unknown", id=key)
        return None
    if starts_on is None or not term:
        return None
    try:
        return finding.target(programme, TargetRef(programme.id, term, starts_on))
    except RuleBroken as error:
        for reason in error.reasons:
            r.wrong("starts_on" if "starts" in reason.code else "term", reason.code, **reason.params)
        return None


def _reports(root: Record, steps: _Steps) -> dict[str, Report]:
    reports: dict[str, Report] = {}
    for r in root.tables("reports"):
        step, target = r.text("step"), r.text("target", "")
        report = Report(r.maybe_day("started_on"), r.maybe_day("finished_on"))
        r.done()
        wrong = steps.wrong(step, target)
        if wrong is not None:
            r.wrong(wrong.where, wrong.code, **wrong.params)
        if report.started_on is None and report.finished_on is None:
            r.wrong("started_on", "data.missing")
        if report.started_on and report.finished_on and report.finished_on < report.started_on:
            r.wrong("finished_on", "plan.ends_before_it_begins")
        key = f"{step}@{target}" if target else step
        if key in reports:
            r.wrong("step", "data.twice", given=key[:80])
        reports[key] = report
    return reports


def _durations(root: Record, steps: _Steps) -> dict[str, int]:
    table = root.maybe_table("durations")
    if table is None:
        return {}
    for key in table.data:
        code, _, target = key.partition("@")
        wrong = steps.wrong(code, target)
        if wrong is not None:
            table.wrong(key, wrong.code, **wrong.params)
    return {step: table.integer(step, most=MOST_DAYS) for step in table.data}


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
