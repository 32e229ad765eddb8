"""Rates from the European Central Bank's file of daily reference rates, and from a file of one's own for currencies
that it lacks.

The bank's: https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip, or the CSV in it. One's own is TOML:

    [[rate]]
    currency = "BDT"
    per_euro = "131.25"
    on = 2026-10-29
    source = "Bangladesh Bank"
"""

from __future__ import annotations

import csv
import io
import tomllib
import zipfile
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from ...domain.payments.rates import EURO, LONGEST, EuroRate
from ...domain.shared.errors import Reason
from ...domain.shared.reading import exact
from ...ports.errors import Unreadable

BANK = "European Central Bank"
_NONE = ("", "N/A")
_LARGEST = 64 * 2**20


class EcbRates:
    """The rates of one or both files, read when first asked for and again when a file has changed."""

    def __init__(self, bank: Path | None, own: Path | None = None) -> None:
        self._files = (bank, own)
        self._seen: tuple[float, ...] = ()
        self._lines: list[list[str]] = []
        self._own: list[EuroRate] = []
        self._rates: dict[str, list[EuroRate]] = {}

    def of(self, currency: str, on: date) -> EuroRate | None:
        if currency == EURO:
            return None
        try:
            self._read()
            if currency not in self._rates:  # one column of seven thousand lines: the whole file would take seconds
                self._rates[currency] = self._found(currency)
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise Unreadable(Reason("rates.unreadable", {"detail": type(error).__name__})) from error
        known = self._rates[currency]
        place = bisect_right(known, on, key=lambda one: one.on)
        found = known[place - 1] if place else None
        return found if found is not None and on - found.on <= LONGEST else None

    def _read(self) -> None:
        seen = tuple(one.stat().st_mtime for one in self._files if one is not None)
        if seen == self._seen:
            return
        bank, own = self._files
        self._lines = _lines_of(bank) if bank else []
        self._own = list(_of_own(own)) if own else []
        self._rates, self._seen = {}, seen

    def _found(self, currency: str) -> list[EuroRate]:
        rates = [one for one in self._own if one.currency == currency]
        if self._lines and currency in self._lines[0]:
            rates += _of_bank(self._lines, self._lines[0].index(currency))
        return sorted(rates, key=lambda one: one.on)


def _lines_of(path: Path) -> list[list[str]]:
    lines = [line for line in csv.reader(io.StringIO(_text(path))) if line]
    if not lines or lines[0][0].strip() != "Date":
        raise ValueError(path.name)
    lines[0] = [one.strip() for one in lines[0]]
    return lines


def _of_bank(lines: list[list[str]], column: int) -> Iterator[EuroRate]:
    for line in lines[1:]:
        if column < len(line) and (word := line[column].strip()) not in _NONE:
            yield EuroRate(lines[0][column], _positive(word), date.fromisoformat(line[0].strip()), BANK)


def _text(path: Path) -> str:
    if not zipfile.is_zipfile(path):
        return path.read_text(encoding="utf-8-sig")
    with zipfile.ZipFile(path) as archive:
        (member,) = [one for one in archive.infolist() if one.filename.endswith(".csv")]
        if member.file_size > _LARGEST:
            raise ValueError(member.filename)
        return archive.read(member).decode("utf-8-sig")


def _of_own(path: Path) -> Iterator[EuroRate]:
    for one in tomllib.loads(path.read_text(encoding="utf-8"))["rate"]:
        on = one["on"]
        if not isinstance(on, date) or isinstance(on, datetime) or not str(one["source"]).strip():
            raise ValueError(path.name)
        yield EuroRate(str(one["currency"]), _positive(str(one["per_euro"])), on, str(one["source"]).strip())


def _positive(word: str) -> Decimal:
    rate = exact(word)
    if rate is None or rate <= 0:
        raise ValueError(word)
    return rate
