"""A record written out as named texts: every line of it, as a reader sees it."""

from datetime import date
from decimal import Decimal

import pytest

from higherstudy.domain.rulebook.conditions import Condition
from higherstudy.domain.rulebook.flattening import flat
from higherstudy.domain.rulebook.grades import Band, GradeScale
from higherstudy.domain.rulebook.pathways import LeadTime
from higherstudy.domain.rulebook.scores import Scale
from higherstudy.domain.shared.sources import Confidence, Source, SourceKind

from .everything_read import everything_read

ALL = everything_read("0" * 64)
TEST = """
code = ONE
title = One
total.minimum = 0
total.maximum = 9
total.step = 0.5
total.passes_from = 5
sections = reading, both
sections[reading].name = reading
sections[reading].scale.minimum = 0
sections[reading].scale.maximum = 9
sections[reading].scale.step = 1
sections[reading].scale.passes_from = 4
sections[reading].derived = false
sections[both].name = both
sections[both].scale.minimum = 0
sections[both].scale.maximum = 9
sections[both].scale.step = 1
sections[both].scale.levels = A, B
sections[both].derived = true
sections[both].mean_of = reading
total_rule = mean_half_up
source = A page, https://example.org, 2026, read on 2026-11-01
confidence = M
valid_months = 24
valid_note = A note.
taken_from = 2026-01-21
taken_until = 2030-01-21
edition_of = ONES
framework = true
title_bn = এক
valid_note_bn = একটি কথা।
"""
ITEM = """
code = passport
order = 1
title = Passport
documents = passport
confidence = M
section = main
original = 1
copies = 2
required_when = all of (employed is true; any of (nationality is BD or IN; not (employed is true)))
required = true
additions = 1
additions[1].when = employed is true
additions[1].add = passport
additions[1].text = Also the old one.
note = A note.
title_bn = পাসপোর্ট
note_bn = একটি কথা।
"""
INTAKE = """
country = DE
term = winter
starts_each = 10-01
zone = Europe/Berlin
source = A page, https://example.org, 2026, read on 2026-11-01
confidence = M
ends_each = 03-31
deadline_each = 07-15
note = A note.
"""


def written(record: object) -> str:
    return "\n" + "".join(f"{place} = {text}\n" for place, text in flat(record).items())


@pytest.mark.parametrize(
    ("record", "text"), [(ALL.tests[0], TEST), (ALL.checklists[0].items[0], ITEM), (ALL.intakes[0], INTAKE)]
)
def test_each_field_that_says_something_is_written_by_its_place(record: object, text: str) -> None:
    assert written(record) == text


def test_parts_of_one_name_are_told_apart_by_their_numbers() -> None:
    page = Source("page", "A page", SourceKind.OFFICIAL, date(2026, 11, 1))
    bands = (Band("good"), Band("good", Decimal(3)), Band("best", Decimal("1E+1")))
    scale = GradeScale("S", "Scale", "DE", Decimal(10), Decimal(0), None, page, Confidence.HIGH, bands=bands)

    assert written(scale) == (
        "\nid = S\ntitle = Scale\ncountry = DE\nbest = 10\nworst = 0\nsource = A page, read on 2026-11-01\n"
        "confidence = H\ndecimals = 2\nbands = good, good#2, best\nbands[good].name = good\n"
        "bands[good#2].name = good\nbands[good#2].at_least = 3\nbands[best].name = best\nbands[best].at_least = 10\n"
    )


def test_what_says_nothing_is_left_out() -> None:
    assert flat(Scale()) == {}


def test_a_condition_of_no_known_kind_is_a_mistake_of_whoever_wrote_it() -> None:
    with pytest.raises(TypeError, match=r"^<.*> is no condition that there is$"):
        flat(LeadTime("A", "lead", Condition()))
    with pytest.raises(TypeError, match=r"^a condition is one of the kinds below$"):
        Condition().answer({})
