"""Turning the text of a catalogue into institutions and programmes: a pure function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

from ..rulebook.limits import MOST_MONTHS
from ..rulebook.pack import Rulebook
from ..shared.dataclass import dataclass
from ..shared.errors import Reason
from ..shared.ids import InstitutionId, ProgrammeId
from ..shared.levels import LEVELS
from ..shared.reading import Problems, Record
from ..shared.sourced import read_sources, source_of
from ..shared.sources import Confidence, Source
from ..shared.times import ZoneLookup
from ..shared.toml import NotToml, load_toml, with_lines
from .checking import institution_problems, programme_problems, requirement_problems, unclear_years
from .errors import BrokenCatalogue
from .forms import malformed_institution, malformed_programme
from .intake import Audience, Basis, Day, Deadline, DeadlineKind, Intake
from .programme import Fee, FeePer, Institution, Level, Programme, Sector
from .requirement import (
    AllOf,
    AnyOf,
    CitizenshipNeeded,
    DegreeNeeded,
    DocumentNeeded,
    ExperienceNeeded,
    GradeNeeded,
    MoneyNeeded,
    Requirement,
    Stated,
    StatedOnly,
    TestNeeded,
    ValidAt,
)

IdOf = Callable[[str], UUID]
_MOST_YEARS_BEFORE = 5


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """What one catalogue file holds."""

    id: str
    title: str
    edition: str
    institutions: tuple[Institution, ...]
    programmes: tuple[Programme, ...]


def read_catalogue(
    text: str, name: str, id_of: IdOf, rulebook: Rulebook | None = None, zones: ZoneLookup | None = None
) -> CatalogueFile:
    """Return what the TOML text holds; ``id_of`` gives the id that belongs to a key.

    With a rulebook, the tests, scores, grade scales and papers of requirements are checked against it; with a zone
    look-up, zone names are.
    Raises BrokenCatalogue with every problem at once, each with ``name``, the line, the place and the reason.
    """
    try:
        data = load_toml(text)
    except NotToml as error:
        raise BrokenCatalogue(Reason("catalogue.not_toml", {"detail": str(error)}, name)) from None
    problems = Problems()
    root = Record(data, "", problems)
    head = root.table("catalogue")
    sources = read_sources(root)
    institutions = _institutions(root, sources, id_of)
    programmes = [read_programme(r, sources, institutions, id_of) for r in root.tables("programmes")]
    found = CatalogueFile(
        id=head.text("id"),
        title=head.text("title"),
        edition=head.text("edition"),
        institutions=tuple(institutions.values()),
        programmes=tuple(programme for programme in programmes if programme is not None),
    )
    head.done()
    root.done()
    _note_doubles(root, programmes)
    if not problems.found:
        problems.found.extend(_malformed(found))
    if not problems.found:
        problems.found.extend(_beyond_form(found, rulebook, zones))
    if problems.found:
        raise BrokenCatalogue(*with_lines(problems.found, text, name))
    return found


def _beyond_form(file: CatalogueFile, rulebook: Rulebook | None, zones: ZoneLookup | None) -> Iterator[Reason]:
    """Yield what is well-formed and wrong; places are those of a file in which nothing else is."""
    for index, institution in enumerate(file.institutions if zones else ()):
        if zones:
            yield from institution_problems(institution, f"institutions[{index}]", zones)
    for index, programme in enumerate(file.programmes):
        place = f"programmes[{index}]"
        yield from unclear_years(programme, place)
        if zones:
            yield from programme_problems(programme, place, zones)
        if rulebook and programme.requirement:
            yield from requirement_problems(programme.requirement, f"{place}.requirement", rulebook)


def _malformed(file: CatalogueFile) -> Iterator[Reason]:
    """Yield codes, addresses and fees that are not what they claim to be, in a file in which nothing else is wrong."""
    for index, institution in enumerate(file.institutions):
        yield from malformed_institution(institution, f"institutions[{index}]")
    for index, programme in enumerate(file.programmes):
        yield from malformed_programme(programme, f"programmes[{index}]")


def read_stored_programme(data: Mapping[str, Any], id_of: IdOf) -> Programme:
    """Return the programme that ``programme_data`` wrote; raises BrokenCatalogue when it cannot be one."""
    problems = Problems()
    root = Record(data, "", problems)
    sources = read_sources(root)
    institution = read_institution(root.table("institution"), sources, id_of)
    programme = read_programme(root.table("programme"), sources, {institution.key: institution}, id_of)
    if problems.found or programme is None:
        raise BrokenCatalogue(*problems.found)
    return programme


def _institutions(root: Record, sources: dict[str, Source], id_of: IdOf) -> dict[str, Institution]:
    found: dict[str, Institution] = {}
    for r in root.tables("institutions"):
        institution = read_institution(r, sources, id_of)
        if institution.key in found:
            r.wrong("key", "data.twice", given=institution.key)
        found[institution.key] = institution
    return found


def _note_doubles(root: Record, programmes: list[Programme | None]) -> None:
    seen: set[str] = set()
    for index, programme in enumerate(programmes):
        if programme is not None and programme.key in seen:
            root.problems.note("data.twice", f"programmes[{index}].key", given=programme.key)
        seen.add(programme.key if programme else "")


def read_institution(r: Record, sources: dict[str, Source], id_of: IdOf) -> Institution:
    """Return the institution in the record, noting what is wrong among its problems."""
    key = r.text("key")
    institution = Institution(
        id=InstitutionId(id_of(key)),
        key=key,
        name=r.text("name"),
        country=r.text("country"),
        city=r.text("city", ""),
        zone=r.text("zone", ""),
        sector=r.choice("sector", Sector) if r.has("sector") else None,
        website=r.text("website", ""),
        source=source_of(r, sources),
    )
    r.done()
    return institution


def read_programme(
    r: Record, sources: dict[str, Source], institutions: Mapping[str, Institution], id_of: IdOf
) -> Programme | None:
    """Return the programme in the record, or None when its institution is unknown, which is noted as a problem."""
    key, institution_key = r.text("key"), r.text("institution")
    institution = institutions.get(institution_key)
    if institution is None:
        r.wrong("institution", "catalogue.unknown_institution", given=institution_key)
        return None
    stated = Stated(source_of(r, sources), r.choice("confidence", Confidence))
    tree = r.maybe_table("requirement")
    programme = Programme(
        id=ProgrammeId(id_of(key)),
        key=key,
        institution=institution,
        name=r.text("name"),
        level=r.choice("level", Level),
        award=r.text("award", ""),
        fields=r.texts("fields"),
        languages=r.texts("languages"),
        duration_months=r.maybe_integer("duration_months", least=1),
        duration_weeks=r.maybe_integer("duration_weeks", least=1),
        tuition=_fee(r, "tuition", sources, stated, per=None),
        application_fee=_fee(r, "application_fee", sources, stated, per=FeePer.PROGRAMME),
        requirement=_Requirements(sources, stated).read(tree) if tree else None,
        intakes=tuple(_intake(intake, sources, stated) for intake in r.tables("intakes")),
        notes=r.texts("notes"),
        synthetic=r.flag("synthetic", False),
        expired=r.flag("expired", False),
        source=stated.source,
        confidence=stated.confidence,
    )
    r.done()
    return programme


def _stated(r: Record, sources: dict[str, Source], default: Stated) -> Stated:
    return Stated(
        source_of(r, sources, default.source),
        r.choice("confidence", Confidence, default.confidence),
    )


def _fee(r: Record, key: str, sources: dict[str, Source], default: Stated, *, per: FeePer | None) -> Fee | None:
    table = r.maybe_table(key)
    if table is None:
        return None
    stated = _stated(table, sources, default)
    period = table.choice("per", FeePer, per)
    audience = table.text("audience", "")
    money = table.money()
    table.done()
    return Fee(money, period, stated.source, stated.confidence, audience) if money else None


def _intake(r: Record, sources: dict[str, Source], default: Stated) -> Intake:
    starts = _day(r, "starts")
    if starts is None:
        r.wrong("starts_each", "data.missing")
    deadlines = tuple(_deadline(d, sources, default) for d in r.tables("deadlines"))
    r.text("note", "")
    intake = Intake(r.text("term"), starts or Day(), deadlines)
    r.done()
    return intake


def _deadline(r: Record, sources: dict[str, Source], default: Stated) -> Deadline:
    stated = _stated(r, sources, default)
    years_before = r.integer("years_before", 0, most=_MOST_YEARS_BEFORE)
    day = _day(r, "", years_before)
    if day is None:
        r.wrong("each", "data.missing")
    deadline = Deadline(
        kind=r.choice("kind", DeadlineKind),
        day=day or Day(),
        at=r.maybe_time("time"),
        zone=r.text("zone"),
        basis=r.choice("basis", Basis, Basis.NOT_STATED),
        audience=r.choice("audience", Audience, Audience.ALL),
        opens=_day(r, "opens", r.integer("opens_years_before", years_before, most=_MOST_YEARS_BEFORE)),
        source=stated.source,
        confidence=stated.confidence,
    )
    r.text("note", "")
    r.done()
    return deadline


def _day(r: Record, prefix: str, years_before: int = 0) -> Day | None:
    start = f"{prefix}_" if prefix else ""
    on, each = r.maybe_day(f"{start}on"), r.maybe_month_day(f"{start}each")
    if on is not None and each is not None:
        r.wrong(f"{start}on", "data.both_given", other=f"{start}each")
    return None if on is None and each is None else Day(on, each, years_before)


class _Requirements:
    """Reads requirement trees whose leaves fall back on the programme's own page."""

    def __init__(self, sources: dict[str, Source], default: Stated) -> None:
        self.sources = sources
        self.default = default

    def read(self, r: Record) -> Requirement:
        """Return the tree; a node that is of no known kind is a problem."""
        if r.has("all") or r.has("any"):
            parts = tuple(map(self.read, r.tables("all" if r.has("all") else "any")))
            if not parts:
                r.wrong("all" if r.has("all") else "any", "requirement.empty")
            r.done()
            return AllOf(parts) if r.has("all") else AnyOf(parts)
        stated = _stated(r, self.sources, self.default)
        r.text("note", "")
        kind = r.only_key()
        reader = _LEAVES.get(kind or "")
        if kind is None or reader is None:
            r.problems.note("requirement.unknown_kind", r.where, known=", ".join(("all", "any", *_LEAVES)))
            return AllOf(())
        leaf = r.table(kind)
        requirement = reader(leaf, stated)
        leaf.done()
        return requirement


def _degree(r: Record, stated: Stated) -> Requirement:
    return DegreeNeeded(stated, _level(r, "level"), r.texts("fields"))


def _grade(r: Record, stated: Stated) -> Requirement:
    return GradeNeeded(stated, _level(r, "of", "bachelor"), r.text("scale"), r.decimal("at_least"))


def _level(r: Record, key: str, default: str | None = None) -> str:
    level = r.text(key, default)
    if level and level not in LEVELS:
        r.wrong(key, "data.unknown_word", given=level[:40], known=", ".join(LEVELS))
    return level


def _test(r: Record, stated: Stated) -> Requirement:
    parts = r.maybe_table("sections")
    sections = {name: parts.score(name) for name in parts.data} if parts else {}
    return TestNeeded(
        stated,
        code=r.text("code"),
        total=r.score("total") if r.has("total") else None,
        sections=sections,
        passed=r.flag("passed", False),
        valid_at=r.choice("valid_at", ValidAt) if r.has("valid_at") else None,
        valid_months=r.maybe_integer("valid_months", least=1, most=MOST_MONTHS),
    )


def _document(r: Record, stated: Stated) -> Requirement:
    return DocumentNeeded(stated, r.text("kind"))


def _experience(r: Record, stated: Stated) -> Requirement:
    return ExperienceNeeded(stated, r.integer("months"))


def _citizenship(r: Record, stated: Stated) -> Requirement:
    return CitizenshipNeeded(stated, r.texts("any_of"), r.texts("none_of"))


def _money(r: Record, stated: Stated) -> Requirement:
    money = r.money()
    return MoneyNeeded(stated, money) if money else AllOf(())


def _stated_only(r: Record, stated: Stated) -> Requirement:
    return StatedOnly(stated, r.text("text"))


_LEAVES: dict[str, Callable[[Record, Stated], Requirement]] = {
    "degree": _degree,
    "grade": _grade,
    "test": _test,
    "document": _document,
    "experience": _experience,
    "citizenship": _citizenship,
    "money": _money,
    "stated": _stated_only,
}
