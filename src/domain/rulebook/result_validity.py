"""Facts about how long a test result counts for those who did not set the test: their keys, and what they may say."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal

from ..shared.errors import Reason
from .facts import Fact
from .limits import MOST_MONTHS

INSTITUTION_MONTHS = "institution.test.valid_months"
INSTITUTION_DAY = "institution.test.valid_at"
MISSION_DAY = "visa.test.held_against"
MISSION_WAIVER = "visa.test.expired_after_enrolment"
"""The waiver's key is followed by the test's code in small letters; its value is the paper that it asks for."""

_WORDS = {INSTITUTION_DAY: ("application", "enrolment"), MISSION_DAY: ("appointment",)}


def validity_fact_problems(fact: Fact, papers: Collection[str]) -> Iterator[Reason]:
    """Yield what is wrong with a fact of these keys; ``papers`` are the kinds of documents that there are."""
    value, known = fact.value, _WORDS.get(fact.key)
    if known is not None and value not in known:
        yield Reason("data.unknown_word", {"given": str(value)[:40], "known": ", ".join(known)}, "value")
    elif fact.key == INSTITUTION_MONTHS and not _is_months(value):
        yield Reason("fact.no_months", {"fact": fact.id, "at_most": MOST_MONTHS}, "value")
    elif fact.key.startswith(f"{MISSION_WAIVER}.") and value not in papers:
        yield Reason("document.unknown_kind", {"kind": str(value)[:40]}, "value")


def _is_months(value: object) -> bool:
    return isinstance(value, Decimal) and value == value.to_integral_value() and 1 <= value <= MOST_MONTHS
