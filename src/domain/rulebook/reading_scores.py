"""Reading tests, concordances, grade scales and their conversions."""

from __future__ import annotations

from ..shared.reading import Record
from ..shared.sourced import Sources, source_of
from ..shared.sources import Confidence
from .grades import Band, GradeConversion, GradeScale, Method, Rounding, TableRow
from .limits import MOST_MONTHS
from .scores import Concordance, ConcordanceRow, Scale, Section, TestScale, TotalRule


def read_test(r: Record, sources: Sources) -> TestScale:
    """Return the test in the record; what is wrong with it is noted."""
    rule = r.choice("total", TotalRule)
    total = _scale(r)
    sections = []
    for part in r.tables("sections"):
        sections.append(Section(part.text("name"), _scale(part), part.flag("derived", False), part.texts("mean_of")))
        part.done()
    names = [section.name for section in sections]
    for index, section in enumerate(sections):
        for name in section.mean_of:
            if name not in names or name == section.name:
                known = ", ".join(names)
                r.wrong(f"sections[{index}].mean_of", "test.unknown_section", test=r.text("code"), known=known)
    test = TestScale(
        code=r.text("code"),
        title=r.text("title"),
        title_bn=r.text("title_bn", ""),
        total=None if rule is TotalRule.NONE else total,
        sections=tuple(sections),
        total_rule=rule,
        valid_months=r.maybe_integer("valid_months", least=1, most=MOST_MONTHS),
        valid_note=r.text("valid_note", ""),
        valid_note_bn=r.text("valid_note_bn", ""),
        taken_from=r.maybe_day("taken_from"),
        taken_until=r.maybe_day("taken_until"),
        edition_of=r.text("edition_of", ""),
        framework=r.flag("framework", False),
        source=source_of(r, sources),
        confidence=r.choice("confidence", Confidence),
    )
    r.done()
    return test


def read_concordance(r: Record, sources: Sources) -> Concordance:
    """Return the concordance in the record; what is wrong with it is noted."""
    rows = []
    for row in r.tables("rows"):
        rows.append(ConcordanceRow(row.decimal("from"), row.score("to")))
        row.done()
    concordance = Concordance(
        id=r.text("id"),
        publisher=r.text("publisher"),
        publisher_bn=r.text("publisher_bn", ""),
        from_test=r.text("from_test"),
        to_test=r.text("to_test"),
        part=r.text("part"),
        rows=tuple(rows),
        source=source_of(r, sources),
        confidence=r.choice("confidence", Confidence),
    )
    r.text("note", "")
    r.done()
    return concordance


def read_grade_scale(r: Record, sources: Sources) -> GradeScale:
    """Return the grade scale in the record; what is wrong with it is noted."""
    bands = []
    for band in r.tables("bands"):
        bands.append(Band(band.text("name"), band.maybe_decimal("at_least"), band.maybe_decimal("percent_from")))
        band.done()
    scale = GradeScale(
        id=r.text("id"),
        title=r.text("title"),
        title_bn=r.text("title_bn", ""),
        country=r.text("country"),
        best=r.decimal("best"),
        worst=r.decimal("worst"),
        lowest_pass=r.maybe_decimal("lowest_pass"),
        decimals=r.integer("decimals", 2),
        bands=tuple(bands),
        source=source_of(r, sources),
        confidence=r.choice("confidence", Confidence),
    )
    r.text("note", "")
    r.done()
    return scale


def read_grade_conversion(r: Record, sources: Sources) -> GradeConversion:
    """Return the conversion in the record; what is wrong with it is noted."""
    rows = []
    for row in r.tables("rows"):
        rows.append(TableRow(row.decimal("from"), row.text("to")))
        row.done()
    conversion = GradeConversion(
        id=r.text("id"),
        title=r.text("title"),
        title_bn=r.text("title_bn", ""),
        method=r.choice("method", Method),
        from_scale=r.text("from_scale"),
        to_scale=r.text("to_scale"),
        institution=r.text("institution", ""),
        factor=r.maybe_decimal("factor"),
        offset=r.maybe_decimal("offset"),
        rows=tuple(rows),
        rounding=r.choice("rounding", Rounding, Rounding.EXACT),
        note=r.text("note", ""),
        note_bn=r.text("note_bn", ""),
        source=source_of(r, sources),
        confidence=r.choice("confidence", Confidence),
    )
    r.done()
    return conversion


def _scale(r: Record) -> Scale:
    scale = Scale(
        r.maybe_decimal("minimum"),
        r.maybe_decimal("maximum"),
        r.maybe_decimal("step"),
        r.texts("levels"),
        r.maybe_decimal("passes_from"),
    )
    numbers = (scale.minimum, scale.maximum, scale.step)
    if any(number is not None for number in numbers) and not scale.levels:
        if scale.minimum is None or scale.maximum is None or scale.step is None:
            r.wrong("step", "scale.incomplete")
        elif scale.step <= 0 or scale.minimum >= scale.maximum:
            r.wrong("minimum", "scale.empty")
    if scale.passes_from is not None and not scale.has(scale.passes_from):
        r.wrong("passes_from", "scale.pass_not_on_scale", given=str(scale.passes_from))
    return scale
