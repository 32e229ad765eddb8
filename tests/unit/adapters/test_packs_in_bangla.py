"""Whatever a student from Bangladesh can be shown of the packs that ship is there in Bangla, with the same figures."""

import dataclasses
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import pytest

from higherstudy.adapters.bundled.locales import Locale
from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.adapters.bundled.told_fact import told_fact, told_figure
from higherstudy.domain.rulebook.closures import Closure
from higherstudy.domain.rulebook.facts import Fact
from higherstudy.domain.rulebook.kinds import KINDS
from higherstudy.domain.rulebook.pack import CountryIntake
from higherstudy.domain.rulebook.papers import Addition, DocumentKind
from higherstudy.domain.rulebook.pathways import Pathway, StepDefinition

PROSE = ("title", "note", "advice", "text", "valid_note", "value", "publisher")
KEPT_FOR_KEEPERS = {(DocumentKind, "note"), (Closure, "note"), (CountryIntake, "note"), (Addition, "text")}
"""What stands in packs for those who look after them; no page, answer or calendar shows it."""
OTHER_MISSIONS = {"DE/INDIA", "DE/PAKISTAN"}
"""Where nobody from Bangladesh applies."""
NAMES_OF_TESTS = re.compile(
    r"ACT|(IELTS|PTE|GRE) (Academic|General Training|General Test|Subject Test)|TestDaF|JLPT N[1-5]"
    r"|Goethe-Zertifikat C[12]|telc Deutsch C1 Hochschule"
)
"""What the tests call themselves, on every certificate and in every conversation in Dhaka."""
SAID_BY_A_PAGE = {"this reference number already used", "visatracking.vfsglobal.com"}
"""What a page answers in English, and an address."""
LEVELS = re.compile(r"[A-C][12]|DSH-[123]|FX, F")
"""Levels and marks such as B2, DSH-2 or FX."""
DIGITS = str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789")
BANGLA = Messages("bn", rulebook=bundled_rulebook)


class Told(NamedTuple):
    """One text of a record, and what it says in Bangla."""

    place: str
    thing: Any
    attribute: str
    english: str
    bangla: str | None


def texts(thing: Any, place: str) -> Iterator[Told]:
    """Yield the texts of the record, of its parts and of its source."""
    if isinstance(thing, tuple):
        for index, part in enumerate(thing):
            yield from texts(part, f"{place}[{index}]")
    elif dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            value = getattr(thing, field.name)
            if field.name in PROSE and isinstance(value, str) and value:
                yield Told(f"{place}.{field.name}", thing, field.name, value, getattr(thing, f"{field.name}_bn", None))
            else:
                yield from texts(value, f"{place}.{field.name}")


def is_for_others(record: Any) -> bool:
    """Whether the record is about people of other countries, or about missions where they apply."""
    if isinstance(record, Fact):
        scope = record.scope
        return scope.mission in OTHER_MISSIONS or bool(scope.nationality and "BD" not in scope.nationality)
    return isinstance(record, Pathway) and bool(record.nationality and "BD" not in record.nationality)


def shown() -> list[Told]:
    packs = [pack for pack in bundled_rulebook().packs if not all(map(is_for_others, pack.pathways or (None,)))]
    titles = [Told(f"{pack.id}: title", pack, "title", pack.title, pack.title_bn) for pack in packs]
    records = [(kind, pack, one) for pack in bundled_rulebook().packs for kind in KINDS for one in kind.of(pack)]
    return titles + [
        told
        for kind, pack, record in records
        if not is_for_others(record)
        for told in texts(record, f"{pack.id}: {kind.list} {kind.name_of(record)}")
        if (type(told.thing), told.attribute) not in KEPT_FOR_KEEPERS
    ]


def needs_none(told: Told) -> bool:
    """Whether the text is the same in every language."""
    if told.attribute == "publisher":
        return told.english == "ETS"
    if told.attribute == "title":
        return bool(NAMES_OF_TESTS.fullmatch(told.english))
    return told.attribute == "value" and (told.english in SAID_BY_A_PAGE or bool(LEVELS.fullmatch(told.english)))


def test_every_text_that_a_student_from_bangladesh_can_be_shown_has_its_bangla() -> None:
    found = shown()

    assert len(found) > 700
    assert [told.place for told in found if not told.bangla and not needs_none(told)] == []


def test_what_needs_no_bangla_has_none() -> None:
    assert [told.place for told in shown() if told.bangla and needs_none(told)] == []


def test_texts_in_bangla_are_in_bangla_letters_and_in_normal_form_c() -> None:
    for told in shown():
        if told.bangla and not LEVELS.fullmatch(told.english):
            assert unicodedata.is_normalized("NFC", told.bangla), told.place
            assert not re.search(r"[a-z]{3,}( [a-z]{2,}){4}", told.bangla), told.place


def figures(text: str) -> list[str]:
    return sorted(re.findall(r"\d+(?:[.,:]\d+)*", text.translate(DIGITS)))


def written_out(text: str) -> str:
    days = Locale("bn", own_digits=True)
    return re.sub(r"\d{4}-\d{2}-\d{2}", lambda day: days.day(date.fromisoformat(day[0])), text)


def test_both_languages_name_the_same_figures() -> None:
    differing = [
        told.place for told in shown() if told.bangla and figures(written_out(told.english)) != figures(told.bangla)
    ]

    assert differing == []


def test_steps_that_read_the_same_in_english_read_the_same_in_bangla() -> None:
    said: dict[str, set[str | None]] = {}
    for told in shown():
        if isinstance(told.thing, StepDefinition) or told.attribute == "note":
            said.setdefault(told.english, set()).add(told.bangla)

    assert {english for english, bangla in said.items() if len(bangla) > 1} == set()


@pytest.mark.parametrize(
    ("fact", "figure"),
    [
        ("de.blocked_account.monthly.2024-09", "মাসে ৯৯২ ইউরো"),
        ("de.blocked_account.yearly.2024-09", "বছরে ১১,৯০৪ ইউরো"),
        ("de.dhaka.vfs.service_fee", "১,৪৫৭ টাকা"),
        ("de.dhaka.vfs.card_margin", "৫০০ থেকে ১০০০ টাকা"),
        ("de.dhaka.vfs.cards", "২টি কার্ড"),
        ("de.waiting_list.dhaka.2023", "১৯ মাস"),
        ("de.blocked_account.name_match", "হ্যাঁ"),
        ("de.private_university.one_semester_enough", "না"),
        ("de.uni_assist.deadline_basis", "সম্পূর্ণ অবস্থায় পৌঁছাতে হবে"),
        ("de.dhaka.vfs.tracking", "visatracking.vfsglobal.com"),
    ],
)
def test_a_figure_is_told_as_people_write_it(fact: str, figure: str) -> None:
    assert told_figure(bundled_rulebook().fact(fact), BANGLA) == figure


def test_scores_and_grades_keep_the_digits_of_the_certificate() -> None:
    facts = [one for pack in bundled_rulebook().packs for one in pack.facts if one.unit in ("points", "DE_5")]

    assert len(facts) > 5
    for fact in facts:
        assert not re.search("[০-৯]", told_figure(fact, BANGLA).partition(" পয়েন্ট")[0].partition(' "')[0]), fact.id


def test_a_figure_in_english_is_as_the_pack_has_it() -> None:
    english = Messages(rulebook=bundled_rulebook)

    assert told_figure(bundled_rulebook().fact("de.blocked_account.yearly.2024-09"), english) == "11904 EUR/year"
    assert told_figure(bundled_rulebook().fact("de.blocked_account.name_match"), english) == "yes"


def test_a_fact_says_since_when_in_the_digits_of_the_reader() -> None:
    told = told_fact(bundled_rulebook().fact("de.blocked_account.monthly.2021"), BANGLA)

    assert told == "২০২১ থেকে ৩১ ডিসেম্বর ২০২২ পর্যন্ত মাসে ৮৬১ ইউরো"
