"""Turning the text of a pack into a checked pack: a pure function, so a pack may come from anywhere."""

from __future__ import annotations

import hashlib
from decimal import Decimal

from ..shared.errors import Reason
from ..shared.reading import Problems, Record, exact
from ..shared.sourced import Sources, read_sources, source_of
from ..shared.sources import Confidence
from ..shared.toml import NotToml, load_toml, with_lines
from .checks import problems_of
from .errors import BrokenPack
from .facts import AppliesBy, Fact, Precision, Scope
from .layers import Layer
from .pack import CountryIntake, RulePack
from .reading_closures import read_closure
from .reading_money import read_money_rule
from .reading_papers import read_checklist, read_document_kind
from .reading_pathways import read_pathway
from .reading_scores import read_concordance, read_grade_conversion, read_grade_scale, read_test
from .reading_whom import countries_of, country_of, level_of


def read_pack(text: str, name: str) -> RulePack:
    """Return the pack that the TOML text holds.

    Raises BrokenPack with every problem at once, each with ``name``, the line, the place and the reason; nothing
    of a broken pack is returned.
    """
    try:
        data = load_toml(text)
    except NotToml as error:
        raise BrokenPack(Reason("pack.not_toml", {"detail": str(error)}, name)) from None
    problems = Problems()
    pack = _pack(Record(data, "", problems), text, name)
    if not problems.found:
        problems.found.extend(problems_of(pack))
    if problems.found:
        raise BrokenPack(*with_lines(problems.found, text, name))
    return pack


def _pack(root: Record, text: str, name: str) -> RulePack:
    sources = read_sources(root, in_bangla=True)
    head = root.table("pack")
    pack = RulePack(
        id=head.text("id"),
        title=head.text("title"),
        title_bn=head.text("title_bn", ""),
        version=head.text("version"),
        review_by=head.day("review_by"),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        layer=head.choice("layer", Layer, Layer.BASE),
        file=name,
        text=text,
        facts=tuple(_fact(entry, sources) for entry in root.tables("facts")),
        tests=tuple(read_test(entry, sources) for entry in root.tables("tests")),
        concordances=tuple(read_concordance(entry, sources) for entry in root.tables("concordances")),
        grade_scales=tuple(read_grade_scale(entry, sources) for entry in root.tables("grade_scales")),
        grade_conversions=tuple(read_grade_conversion(entry, sources) for entry in root.tables("grade_conversions")),
        document_kinds=tuple(read_document_kind(entry, sources) for entry in root.tables("document_kinds")),
        checklists=tuple(read_checklist(entry, sources) for entry in root.tables("checklists")),
        pathways=tuple(read_pathway(entry, sources) for entry in root.tables("pathways")),
        money_rules=tuple(read_money_rule(entry, sources) for entry in root.tables("money_rules")),
        closures=tuple(read_closure(entry, sources) for entry in root.tables("closures")),
        intakes=tuple(_intake(entry, sources) for entry in root.tables("intakes")),
    )
    head.done()
    root.done()
    return pack


def _fact(r: Record, sources: Sources) -> Fact:
    scope = r.maybe_table("scope")
    fact = Fact(
        id=r.text("id"),
        key=r.text("key"),
        value=_fact_value(r),
        value_bn=r.text("value_bn", ""),
        unit=r.text("unit", ""),
        scope=_scope(scope) if scope else Scope(),
        valid_from=r.maybe_day("valid_from"),
        valid_to=r.maybe_day("valid_to"),
        valid_from_precision=r.choice("valid_from_precision", Precision, Precision.DAY),
        applies_by=r.choice("applies_by", AppliesBy) if r.has("applies_by") else None,
        supersedes=r.text("supersedes", ""),
        note=r.text("note", ""),
        note_bn=r.text("note_bn", ""),
        source=source_of(r, sources),
        confidence=r.choice("confidence", Confidence),
    )
    if fact.value_bn and not isinstance(fact.value, str):
        r.wrong("value_bn", "fact.words_for_figure")  # else two readers could be told two figures
    r.done()
    return fact


def _intake(r: Record, sources: Sources) -> CountryIntake:
    starts = r.maybe_month_day("starts_each")
    if starts is None and not r.has("starts_each"):
        r.wrong("starts_each", "data.missing")
    intake = CountryIntake(
        country=country_of(r),
        term=r.text("term"),
        starts_each=starts or (1, 1),
        ends_each=r.maybe_month_day("ends_each"),
        deadline_each=r.maybe_month_day("deadline_each"),
        zone=r.text("zone"),
        note=r.text("note", ""),
        source=source_of(r, sources),
        confidence=r.choice("confidence", Confidence),
    )
    r.done()
    return intake


def _fact_value(r: Record) -> Decimal | str | bool:
    value = r.data.get("value")
    if isinstance(value, bool):
        return r.flag("value")
    text = r.text("value")
    number = exact(text)
    if number is not None:
        return number
    if r.data.get("unit") and not all(exact(end) is not None for end in text.split(" to ", 1)):
        r.wrong("value", "fact.no_figure", given=text[:40])  # else a slip of the pen makes a figure unknown in silence
    return text


def _scope(r: Record) -> Scope:
    scope = Scope(
        country=country_of(r, ""),
        mission=r.text("mission", ""),
        nationality=countries_of(r, "nationality"),
        level=level_of(r),
        institution=r.text("institution", ""),
    )
    r.done()
    return scope
