"""Whether single values of a catalogue are what they claim to be: codes, addresses, amounts and days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..shared.countries import COUNTRIES
from ..shared.errors import Reason
from .programme import Institution, Programme

_LANGUAGE = re.compile(r"[a-z]{2}")  # ISO 639-1
_FIELD = re.compile(r"(0[0-9]|10)[0-9]{0,2}")  # ISCED-F 2013: broad, narrow and detailed fields

_WEB_ADDRESS = re.compile(
    r"https?://([^\W_]([\w-]*[^\W_])?\.)+[^\W\d_][\w-]*[^\W_](:\d{1,5})?([/?#]\S*)?", re.IGNORECASE
)


def malformed_institution(institution: Institution, place: str) -> Iterator[Reason]:
    """Yield what is no country code and what is no web address."""
    if institution.country and institution.country not in COUNTRIES:
        yield Reason("country.unknown", {"given": institution.country[:40]}, f"{place}.country")
    if institution.website and not is_web_address(institution.website):
        yield Reason("data.not_a_url", {"given": institution.website[:80]}, f"{place}.website")


def malformed_programme(programme: Programme, place: str, latest: date | None = None) -> Iterator[Reason]:
    """Yield what is no code, what fee is below zero, and what was read after the ``latest`` day, if one is given."""
    for code in programme.fields:
        if not _FIELD.fullmatch(code):
            yield Reason("field.unknown_code", {"given": code[:40]}, f"{place}.fields")
    for code in programme.languages:
        if not _LANGUAGE.fullmatch(code):
            yield Reason("language.unknown_code", {"given": code[:40]}, f"{place}.languages")
    for name, fee in (("tuition", programme.tuition), ("application_fee", programme.application_fee)):
        if fee is not None and fee.money.minor < 0:
            yield Reason("money.negative", {"amount": str(fee.money)}, f"{place}.{name}.amount")
    if latest is not None and programme.source.retrieved_on > latest:
        given = programme.source.retrieved_on.isoformat()
        yield Reason("data.in_future", {"given": given}, f"{place}.source.retrieved_on")


def is_web_address(text: str) -> bool:
    """Whether the text is a whole address of a page on the web."""
    return _WEB_ADDRESS.fullmatch(text) is not None
