"""Turning the text of a pack into a checked pack: a pure function, so a pack may come from anywhere."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..shared.errors import Reason
from ..shared.reading import Problems, Record, with_lines
from ..shared.sources import Confidence, Source, SourceKind
from .checks import problems_of
from .conditions import KNOWN_CIRCUMSTANCES, AllOf, AnyOf, Condition, Is, Not
from .errors import BrokenPack
from .facts import AppliesBy, Fact, Precision, Scope
from .grades import Band, GradeConversion, GradeScale, Method, Rounding, TableRow
from .pack import CountryIntake, MoneyRule, RulePack
from .papers import Addition, Checklist, ChecklistItem, DocumentKind, PackRule
from .pathways import Duration, LeadTime, Pathway, StepDefinition, StepKind, StepScope
from .scores import Concordance, ConcordanceRow, Scale, Score, Section, TestScale, TotalRule


def read_pack(text: str, name: str) -> RulePack:
    """Return the pack that the TOML text holds.

    Raises BrokenPack with every problem at once, each with ``name``, the line, the place and the reason; nothing
    of a broken pack is returned.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BrokenPack(Reason("pack.not_toml", {"detail": str(error)}, name)) from None
    problems = Problems()
    pack = _Reader(Record(data, "", problems)).pack(hashlib.sha256(text.encode()).hexdigest())
    if not problems.found:
        problems.found.extend(problems_of(pack))
    if problems.found:
        raise BrokenPack(*with_lines(problems.found, text, name))
    return pack


def read_sources(record: Record) -> dict[str, Source]:
    """Return the sources that a document names, by their ids."""
    sources: dict[str, Source] = {}
    for entry in record.tables("sources"):
        source = Source(
            id=entry.text("id"),
            title=entry.text("title"),
            kind=entry.choice("kind", SourceKind),
            retrieved_on=entry.day("retrieved_on"),
            url=entry.text("url", ""),
            published=entry.text("published", ""),
        )
        if source.id in sources:
            entry.wrong("id", "data.twice", given=source.id)
        if source.url and not source.url.startswith(("https://", "http://")):
            entry.wrong("url", "data.not_a_url", given=source.url[:80])
        entry.done()
        sources[source.id] = source
    return sources


@dataclass
class _Reader:
    """Reads the parts of one pack, sharing its sources."""

    root: Record

    def pack(self, sha256: str) -> RulePack:
        self.sources = read_sources(self.root)
        head = self.root.table("pack")
        pack = RulePack(
            id=head.text("id"),
            title=head.text("title"),
            version=head.text("version"),
            review_by=head.day("review_by"),
            sha256=sha256,
            facts=tuple(map(self._fact, self.root.tables("facts"))),
            tests=tuple(map(self._test, self.root.tables("tests"))),
            concordances=tuple(map(self._concordance, self.root.tables("concordances"))),
            grade_scales=tuple(map(self._grade_scale, self.root.tables("grade_scales"))),
            grade_conversions=tuple(map(self._grade_conversion, self.root.tables("grade_conversions"))),
            document_kinds=tuple(map(self._document_kind, self.root.tables("document_kinds"))),
            checklists=tuple(map(self._checklist, self.root.tables("checklists"))),
            pathways=tuple(map(self._pathway, self.root.tables("pathways"))),
            money_rules=tuple(map(self._money_rule, self.root.tables("money_rules"))),
            intakes=tuple(map(self._intake, self.root.tables("intakes"))),
        )
        head.done()
        self.root.done()
        return pack

    def _source(self, record: Record) -> Source:
        return source_of(record, self.sources)

    def _fact(self, r: Record) -> Fact:
        scope = r.maybe_table("scope")
        fact = Fact(
            id=r.text("id"),
            key=r.text("key"),
            value=_fact_value(r),
            unit=r.text("unit", ""),
            scope=_scope(scope) if scope else Scope(),
            valid_from=r.maybe_day("valid_from"),
            valid_to=r.maybe_day("valid_to"),
            valid_from_precision=r.choice("valid_from_precision", Precision, Precision.DAY),
            applies_by=r.choice("applies_by", AppliesBy) if r.has("applies_by") else None,
            supersedes=r.text("supersedes", ""),
            note=r.text("note", ""),
            source=self._source(r),
            confidence=r.choice("confidence", Confidence),
        )
        r.done()
        return fact

    def _test(self, r: Record) -> TestScale:
        rule = r.choice("total", TotalRule)
        total = _scale(r)
        sections = []
        for part in r.tables("sections"):
            sections.append(Section(part.text("name"), _scale(part), part.flag("derived", False)))
            part.done()
        test = TestScale(
            code=r.text("code"),
            title=r.text("title"),
            total=None if rule is TotalRule.NONE else total,
            sections=tuple(sections),
            total_rule=rule,
            valid_months=r.maybe_integer("valid_months", least=1),
            valid_note=r.text("valid_note", ""),
            taken_from=r.maybe_day("taken_from"),
            taken_until=r.maybe_day("taken_until"),
            edition_of=r.text("edition_of", ""),
            source=self._source(r),
            confidence=r.choice("confidence", Confidence),
        )
        r.done()
        return test

    def _concordance(self, r: Record) -> Concordance:
        rows = []
        for row in r.tables("rows"):
            rows.append(ConcordanceRow(row.decimal("from"), _score(row, "to")))
            row.done()
        concordance = Concordance(
            id=r.text("id"),
            publisher=r.text("publisher"),
            from_test=r.text("from_test"),
            to_test=r.text("to_test"),
            part=r.text("part"),
            rows=tuple(rows),
            source=self._source(r),
            confidence=r.choice("confidence", Confidence),
        )
        r.text("note", "")
        r.done()
        return concordance

    def _grade_scale(self, r: Record) -> GradeScale:
        bands = []
        for band in r.tables("bands"):
            bands.append(Band(band.text("name"), band.maybe_decimal("at_least"), band.maybe_decimal("percent_from")))
            band.done()
        scale = GradeScale(
            id=r.text("id"),
            title=r.text("title"),
            country=r.text("country"),
            best=r.decimal("best"),
            worst=r.decimal("worst"),
            lowest_pass=r.maybe_decimal("lowest_pass"),
            decimals=r.integer("decimals", 2),
            bands=tuple(bands),
            source=self._source(r),
            confidence=r.choice("confidence", Confidence),
        )
        r.text("note", "")
        r.done()
        return scale

    def _grade_conversion(self, r: Record) -> GradeConversion:
        rows = []
        for row in r.tables("rows"):
            rows.append(TableRow(row.decimal("from"), row.text("to")))
            row.done()
        conversion = GradeConversion(
            id=r.text("id"),
            title=r.text("title"),
            method=r.choice("method", Method),
            from_scale=r.text("from_scale"),
            to_scale=r.text("to_scale"),
            institution=r.text("institution", ""),
            factor=r.maybe_decimal("factor"),
            offset=r.maybe_decimal("offset"),
            rows=tuple(rows),
            rounding=r.choice("rounding", Rounding, Rounding.EXACT),
            note=r.text("note", ""),
            source=self._source(r),
            confidence=r.choice("confidence", Confidence),
        )
        r.done()
        return conversion

    def _document_kind(self, r: Record) -> DocumentKind:
        kind = DocumentKind(
            code=r.text("code"),
            title=r.text("title"),
            title_bn=r.text("title_bn", ""),
            valid_months=r.maybe_integer("valid_months", least=1),
            uses_expiry_date=r.flag("uses_expiry_date", False),
            remaining_months=r.integer("remaining_months", 0),
            note=r.text("note", ""),
            source=self._source(r),
            confidence=r.choice("confidence", Confidence),
        )
        r.done()
        return kind

    def _checklist(self, r: Record) -> Checklist:
        rules = []
        for rule in r.tables("rules"):
            rules.append(
                PackRule(
                    rule.text("code"), rule.text("text"), self._source(rule), rule.choice("confidence", Confidence)
                )
            )
            rule.done()
        checklist = Checklist(
            id=r.text("id"),
            title=r.text("title"),
            version=r.text("version"),
            mission=r.text("mission"),
            authority=r.text("authority"),
            used_at=r.text("used_at"),
            items=tuple(map(self._checklist_item, r.tables("items"))),
            rules=tuple(rules),
            source=self._source(r),
            confidence=r.choice("confidence", Confidence),
        )
        r.text("note", "")
        r.done()
        return checklist

    def _checklist_item(self, r: Record) -> ChecklistItem:
        additions = []
        for more in r.tables("when_to_add"):
            additions.append(Addition(_condition(more, "when"), more.texts("add"), more.text("text", "")))
            more.done()
        one = r.text("document", "")
        item = ChecklistItem(
            code=r.text("code"),
            order=r.integer("order"),
            section=r.text("section", "main"),
            title=r.text("title"),
            documents=(one,) if one else r.texts("one_of"),
            original=r.integer("original", 0),
            copies=r.integer("copies", 0),
            required=r.flag("required", not r.has("required_when")),
            required_when=_maybe_condition(r, "required_when"),
            additions=tuple(additions),
            note=r.text("note", ""),
            confidence=r.choice("confidence", Confidence),
        )
        r.done()
        return item

    def _pathway(self, r: Record) -> Pathway:
        pathway = Pathway(
            id=r.text("id"),
            title=r.text("title"),
            country=r.text("country"),
            mission=r.text("mission", ""),
            nationality=r.texts("nationality"),
            level=r.text("level", ""),
            application_step=r.text("application_step"),
            admission_step=r.text("admission_step"),
            decision_step=r.text("decision_step"),
            arrival_step=r.text("arrival_step"),
            checklist=r.text("checklist", ""),
            steps=tuple(map(self._step, r.tables("steps"))),
            lead_times=tuple(map(_lead_time, r.tables("lead_times"))),
        )
        r.text("note", "")
        r.done()
        return pathway

    def _step(self, r: Record) -> StepDefinition:
        step = StepDefinition(
            code=r.text("code"),
            title=r.text("title"),
            after=r.texts("after"),
            scope=r.choice("scope", StepScope),
            kind=r.choice("kind", StepKind),
            owner=r.text("owner"),
            duration=_duration(r),
            hard_days=r.maybe_integer("hard_days", least=1),
            only_if=_maybe_condition(r, "only_if"),
            documents_in=r.texts("documents_in"),
            documents_out=r.texts("documents_out"),
            facts=r.texts("facts"),
            advice=r.text("advice", ""),
            note=r.text("note", ""),
            irreversible=r.flag("irreversible", False),
            source=self._source(r),
            confidence=r.choice("confidence", Confidence),
        )
        r.done()
        return step

    def _money_rule(self, r: Record) -> MoneyRule:
        rule = MoneyRule(
            id=r.text("id"),
            kind=r.text("kind"),
            country=r.text("country"),
            level=r.text("level", ""),
            rate=r.text("rate"),
            months=r.integer("months"),
            proofs=r.texts("proofs"),
            plus_first_year_tuition_when=_maybe_condition(r, "plus_first_year_tuition_when"),
            source=self._source(r),
            confidence=r.choice("confidence", Confidence),
        )
        r.text("note", "")
        r.done()
        return rule

    def _intake(self, r: Record) -> CountryIntake:
        starts = r.maybe_month_day("starts_each")
        if starts is None and not r.has("starts_each"):
            r.wrong("starts_each", "data.missing")
        intake = CountryIntake(
            country=r.text("country"),
            term=r.text("term"),
            starts_each=starts or (1, 1),
            ends_each=r.maybe_month_day("ends_each"),
            deadline_each=r.maybe_month_day("deadline_each"),
            zone=r.text("zone"),
            note=r.text("note", ""),
            source=self._source(r),
            confidence=r.choice("confidence", Confidence),
        )
        r.done()
        return intake


def source_of(record: Record, sources: dict[str, Source], default: Source | None = None) -> Source:
    """Return the source that the record names; a name that is not among the sources is a problem."""
    name = record.text("source", "" if default else None)
    if not name and default:
        return default
    if name and name not in sources:
        record.wrong("source", "data.unknown_source", given=name)
    return sources.get(name) or Source(name, "", SourceKind.COMMUNITY, _NEVER)


_NEVER = date.min


def _fact_value(r: Record) -> Decimal | str | bool:
    value = r.data.get("value")
    if isinstance(value, bool):
        return r.flag("value")
    text = r.text("value")
    try:
        number = Decimal(text)
    except ArithmeticError:
        return text
    return number if number.is_finite() else text


def _scope(r: Record) -> Scope:
    scope = Scope(
        country=r.text("country", ""),
        mission=r.text("mission", ""),
        nationality=r.texts("nationality"),
        level=r.text("level", ""),
        institution=r.text("institution", ""),
    )
    r.done()
    return scope


def _scale(r: Record) -> Scale:
    scale = Scale(r.maybe_decimal("minimum"), r.maybe_decimal("maximum"), r.maybe_decimal("step"), r.texts("levels"))
    numbers = (scale.minimum, scale.maximum, scale.step)
    if any(number is not None for number in numbers) and not scale.levels:
        if scale.minimum is None or scale.maximum is None or scale.step is None:
            r.wrong("step", "scale.incomplete")
        elif scale.step <= 0 or scale.minimum >= scale.maximum:
            r.wrong("minimum", "scale.empty")
    return scale


def _score(r: Record, key: str) -> Score:
    text = r.text(key)
    try:
        return Decimal(text)
    except ArithmeticError:
        return text


def _duration(r: Record) -> Duration:
    days = r.table("days")
    duration = Duration(days.integer("typical"), days.maybe_integer("min"), days.maybe_integer("max"))
    low = duration.typical if duration.least is None else duration.least
    high = duration.typical if duration.most is None else duration.most
    if not low <= duration.typical <= high:
        r.wrong("days", "duration.out_of_order")
    days.done()
    return duration


def _lead_time(r: Record) -> LeadTime:
    lead_time = LeadTime(r.text("step"), r.text("fact"), _condition(r, "when"))
    r.done()
    return lead_time


def _maybe_condition(r: Record, key: str) -> Condition | None:
    return _condition(r, key) if r.has(key) else None


def _condition(r: Record, key: str) -> Condition:
    node = r.maybe_table(key, required=True)
    return _condition_of(node) if node else AllOf(())


def _condition_of(node: Record) -> Condition:
    condition: Condition
    if node.has("circumstance"):
        name = node.text("circumstance")
        if name not in KNOWN_CIRCUMSTANCES:
            node.wrong("circumstance", "condition.unknown_circumstance", given=name)
        condition = Is(name, _values(node))
    elif node.has("all"):
        condition = AllOf(_parts(node.tables("all")))
    elif node.has("any"):
        condition = AnyOf(_parts(node.tables("any")))
    else:
        condition = Not(_condition(node, "not"))
    node.done()
    return condition


def _parts(nodes: Iterable[Record]) -> tuple[Condition, ...]:
    return tuple(_condition_of(node) for node in nodes)


def _values(node: Record) -> tuple[str | bool, ...]:
    if node.has("in"):
        return node.texts("in")
    if isinstance(node.data.get("is"), bool):
        return (node.flag("is"),)
    return (node.text("is"),)
